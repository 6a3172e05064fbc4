import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf, whereStopped } from '../lib/stopped.ts';
import type { Metrics } from '../lib/summary-data.ts';

const timeline = { baseline: 8, fault: 12, recovery: 10 };
const stoppedAt = (seconds: number | undefined, metrics: Metrics = {}, options: Parameters<typeof planOf>[1] = {}) =>
  whereStopped(
    {
      state: { testRunDurationMs: 12_000 },
      metrics: {
        ...(seconds !== undefined && { load_seconds: { type: 'gauge', values: { value: seconds } } }),
        ...metrics,
      },
    },
    planOf(timeline, options),
  );

test('a run is stopped when its load ends before its time', () => {
  assert.deepEqual(stoppedAt(29.9), { afterSeconds: 29.9, ofSeconds: 30 });
  assert.equal(stoppedAt(30), undefined);
});

test('goes by how long k6 ran where teardown did not, as after a second Ctrl-C', () => {
  assert.deepEqual(stoppedAt(undefined), { afterSeconds: 12, ofSeconds: 30 });
});

test('a load of so many iterations is over when they are', () => {
  const options = { scenarios: { load: { executor: 'shared-iterations', iterations: 20 } } } as const;
  const iterations = (count: number): Metrics => ({ iterations: { type: 'counter', values: { count } } });
  assert.equal(stoppedAt(9, iterations(20), options), undefined);
  assert.deepEqual(stoppedAt(9, iterations(19), options)?.afterSeconds, 9);
});

test('a threshold that ends a run is an end, not a stop', () => {
  const options = { thresholds: { d: ['p(99)<9', { threshold: 'p(95)<500', abortOnFail: true }] } };
  const d = (ok: boolean): Metrics => ({
    d: { type: 'trend', values: {}, thresholds: { 'p(95)<500': { ok }, 'p(99)<9': { ok: false } } },
  });
  assert.equal(stoppedAt(9, d(false), options), undefined);
  assert.deepEqual(stoppedAt(9, d(true), options)?.afterSeconds, 9);
});

test('a rate that changes ends with its last iteration, which may come before its time', () => {
  const load = {
    executor: 'ramping-arrival-rate' as const,
    preAllocatedVUs: 1,
    startRate: 120,
    timeUnit: '1m',
    stages: [],
  };
  assert.equal(stoppedAt(29.6, {}, { scenarios: { load } }), undefined);
  assert.deepEqual(stoppedAt(29.4, {}, { scenarios: { load } })?.afterSeconds, 29.4);
});
