import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsOf } from '../../../src/readers/prometheus/metric-name.ts';

test('a histogram and a summary are one metric each, and a name that only looks like a part is its own', () => {
  const names = [
    'http_bucket',
    'http_count',
    'http_sum',
    'gc',
    'gc_count',
    'gc_sum',
    'users_count',
    'users',
    'jobs_total',
  ];
  const found = metricsOf(names).map(({ metric, histogram }) => [metric, histogram]);
  assert.deepEqual(found, [
    ['http', true],
    ['gc', false],
    ['users_count', false],
    ['users', false],
    ['jobs_total', false],
  ]);
});
