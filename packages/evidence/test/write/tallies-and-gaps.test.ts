import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listGaps, openEvidence, requestCounts } from '../../src/index.ts';

test('tallies of the same request add up', () => {
  const evidence = openEvidence();
  const tally = { generator: 'load', service: 'full-otel', method: 'GET', count: 2 };
  evidence.tally([tally, { ...tally, status: 200 }, { ...tally, generator: 'other' }]);
  evidence.tally([tally]);
  const counts = requestCounts(evidence).map(({ status, sent }) => ({ status, sent }));
  evidence.close();
  assert.deepEqual(counts, [
    { status: null, sent: 6 },
    { status: 200, sent: 2 },
  ]);
});

test('gaps of the same reason add up, and say from when to when', () => {
  const evidence = openEvidence();
  const gap = { kind: 'rejected', signal: 'logs', reason: 'no JSON' } as const;
  evidence.gap([
    { ...gap, count: 2, timeUs: 10 },
    { ...gap, count: 0, timeUs: 15 },
  ]);
  evidence.gap([{ ...gap, count: 3, timeUs: 20 }]);
  const gaps = listGaps(evidence);
  evidence.close();
  assert.deepEqual(gaps, [{ ...gap, count: 5, firstUs: 10, lastUs: 20 }]);
});
