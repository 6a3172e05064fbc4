import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findStory, readStories } from '../../runner/stories.ts';

test('a head tells who does what k6 cannot, what the user does without, and what breaks', () => {
  const outage = findStory('telemetry-outage');
  assert.equal(outage.byHand?.without, 'local backend');
  assert.match(outage.byHand?.steps ?? '', /^stop the collector .*\bdocker compose unpause alloy\b/);
  assert.deepEqual(outage.breaks, ['exemplar-trace', 'log-trace', 'request-counts']);
  const bad = findStory('bad-release');
  assert.equal(bad.byHand?.without, 'gateway');
  assert.match(bad.byHand?.steps ?? '', /FAULTS=latency;route=\/api\/users\/:id;.* have a minute each time\.$/);
  assert.deepEqual([bad.breaks, bad.takes], [[], '7 min; 35 s with PACE=fast.']);
});

test('there are fourteen, and a wrong name is answered with all of them', () => {
  const names = readStories().map(({ name }) => name);
  assert.equal(names.length, 14);
  assert.throws(() => findStory('error-brust'), {
    message: `error-brust: no such scenario; there are ${names.join(', ')}`,
  });
});
