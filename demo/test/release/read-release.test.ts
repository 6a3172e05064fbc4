import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRelease } from '../../src/release/read-release.ts';

test('reads a step of a release, and its faults as FAULTS takes them', () => {
  const rule = { kind: 'error', ttlMs: 1000 };
  const { release, problems } = readRelease(
    JSON.stringify({ stage: 'canary', version: '1.1.0', share: 0.2, faults: [rule] }),
  );
  assert.deepEqual(release, { stage: 'canary', version: '1.1.0', share: 0.2, faults: JSON.stringify([rule]) });
  assert.deepEqual(problems, []);
});

test('names every field that is wrong, or that is missing', () => {
  const all = ['stage', 'version', 'share'];
  for (const body of ['', 'null', '[]', '{"stage": "a b", "version": "1,x=y", "share": 2}']) {
    const { release, problems } = readRelease(body);
    assert.equal(release, undefined, body);
    assert.deepEqual(
      problems.map((problem) => problem.split(':')[0]),
      all,
      body,
    );
  }
  assert.match(
    readRelease('{"stage":"a","version":"1","share":1,"faults":"error"}').problems.join(),
    /^faults: give a list/,
  );
});
