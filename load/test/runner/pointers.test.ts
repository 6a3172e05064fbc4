import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
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
const backend = { api: 'http://127.0.0.1:4320', otlpHttp: 'http://127.0.0.1:4318', keptFile: '/kept/run.sqlite' };
const run = { story, runId: 'r1', services: ['a', 'b'], summary: '/out' };

test('points to the run in every signal, and to the page where there is one', () => {
  const text = pointers({ ...run, backend });
  assert.match(text, /^ {2}page +http:\/\/127\.0\.0\.1:4320\/$/m);
  assert.match(text, /^ {2}LogQL +\{service_name=~"a\|b"\} \| test_run_id="r1"$/m);
  assert.match(text, /^ {2}TraceQL +\{ span\.test\.run\.id = "r1" \}$/m);
  assert.match(text, /^ {2}this one +up == 0$/m);
  assert.match(text, /^ {2}summary +\/out\/summary\.json, junit\.xml$/m);
  assert.doesNotMatch(pointers({ ...run, backend: undefined }), /^ {2}page/m);
});

test('says how to compare the counts only where that can work', () => {
  const counts = (more: Partial<Parameters<typeof pointers>[0]>) =>
    /^ {2}counts +(.*)$/m.exec(pointers({ ...run, backend, ...more }))?.[1];
  const k6 = '--k6 /out/summary.json';
  assert.equal(counts({}), `when npm start has ended: npx clew verify --backend local=/kept/run.sqlite ${k6}`);
  const broken = { ...story, breaks: ['log-trace'] };
  assert.match(counts({ story: broken }) ?? '', /summary\.json --skip log-trace$/);
  const deleted = counts({ backend: { ...backend, keptFile: undefined } }) ?? '';
  assert.match(deleted, /npm start -- --keep FILE/);
  assert.doesNotMatch(deleted, /clew verify/);
  assert.match(counts({ backend: undefined }) ?? '', /verify --prometheus URL --loki URL --tempo URL --k6/);
});

test('of npm start -- --scenario it names no file, since they are deleted', () => {
  assert.doesNotMatch(pointers({ ...run, backend, summary: `${tmpdir()}/clew-a1B2c3` }), /summary\.json|clew verify/);
  assert.match(pointers({ ...run, backend, summary: `${tmpdir()}/clew-results` }), /summary\.json/);
});
