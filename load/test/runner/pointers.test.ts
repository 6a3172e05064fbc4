import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pointers } from '../../runner/pointers.ts';

const story = {
  name: 'x',
  file: 'x.ts',
  about: '',
  moves: 'errors.',
  takes: '',
  look: 'up == 0',
  breaks: [],
  byHand: undefined,
};
const run = { story, runId: 'r1', services: ['a', 'b'], summary: '/out' };

test('points to the run in every signal, and to the page where there is one', () => {
  const text = pointers({ ...run, backend: 'http://127.0.0.1:4320' });
  assert.match(text, /^ {2}page +http:\/\/127\.0\.0\.1:4320\/$/m);
  assert.match(text, /^ {2}LogQL +\{service_name=~"a\|b"\} \| test_run_id="r1"$/m);
  assert.match(text, /^ {2}TraceQL +\{ span\.test\.run\.id = "r1" \}$/m);
  assert.match(text, /^ {2}this one +up == 0$/m);
  assert.match(text, /--backend local=http:\/\/127\.0\.0\.1:4320 --k6 \/out\/summary\.json$/m);
  const broken = pointers({ ...run, story: { ...story, breaks: ['log-trace'] }, backend: 'http://b' });
  assert.match(broken, /summary\.json --skip log-trace$/m);
  assert.doesNotMatch(pointers({ ...run, backend: undefined }), /page|--backend/);
});
