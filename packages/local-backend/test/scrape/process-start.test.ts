import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProcessStarts } from '../../src/scrape/process-start.ts';

const at = (seconds: number | undefined) =>
  seconds === undefined
    ? []
    : [
        {
          metric: 'process_start_time_seconds',
          type: 'gauge' as const,
          labels: {},
          timeUs: 0,
          source: 'scrape' as const,
          value: seconds,
        },
      ];

test('a process keeps its start', () => {
  const startOf = createProcessStarts();
  assert.equal(startOf(at(10.25), 20_000_000), 10_250_000);
  assert.equal(startOf(at(10.25), 30_000_000), 10_250_000);
});

test('one that replaces it has started after the last scrape, although it says whole seconds', () => {
  const startOf = createProcessStarts();
  startOf(at(10), 20_400_000);
  assert.equal(startOf(at(20), 21_400_000), 20_400_001);
  assert.equal(startOf(at(20), 22_400_000), 20_400_001);
  assert.equal(startOf(at(23), 24_400_000), 23_000_000);
});

test('without the metric, nothing is known', () => {
  const startOf = createProcessStarts();
  assert.equal(startOf(at(undefined), 1), undefined);
});
