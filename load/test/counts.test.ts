import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countedMetrics, countRequests } from '../lib/counts.ts';
import type { Metrics } from '../lib/summary-data.ts';

const targets = [{ name: 'shop', url: 'http://shop' }];
const counter = (count: number) => ({ type: 'counter' as const, values: { count } });
const metric = (route: string, status: number, more = '') =>
  `http_reqs{counted:yes,service:shop,route:${route},status:${status}${more}}`;

test('rows are what was counted; refused connections are apart; what has no row is told', () => {
  const metrics: Metrics = {
    'http_reqs{counted:yes}': counter(20),
    [metric('/api/users', 200)]: counter(10),
    [metric('/api/users', 0)]: counter(5),
    [metric('/api/users', 0, ',error_code:1212')]: counter(3),
  };
  for (const name of Object.keys(metrics)) assert.ok(countedMetrics(targets).includes(name), name);
  const row = { service: 'shop', method: 'GET', route: '/api/users' };
  assert.deepEqual(countRequests(metrics, targets), {
    rows: [
      { ...row, status: 0, count: 2 },
      { ...row, status: 200, count: 10 },
    ],
    refused: 3,
    uncounted: 5,
  });
});
