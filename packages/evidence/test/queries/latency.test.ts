import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latency, openEvidence, type PointRecord } from '../../src/index.ts';
import { HISTOGRAM } from '../run.ts';

const START_US = 1_000_000_000_000;
const STEP_US = 1_000_000;
const windowUs = 60 * STEP_US;
const labels = { http_route: '/', http_response_status_code: '200' };

/** A point so many steps after the start, of a histogram with one bound. */
function point(steps: number, counts: [number, number], over: Partial<PointRecord> = {}): PointRecord {
  return {
    metric: HISTOGRAM,
    type: 'histogram',
    labels,
    timeUs: START_US + steps * STEP_US,
    source: 'scrape',
    histogram: { bounds: [0.1], counts, count: counts[0] + counts[1] },
    ...over,
  };
}

function latencyOf(points: PointRecord[], filter = {}, service = 'a') {
  const evidence = openEvidence();
  evidence.write([{ resource: { attributes: { 'service.name': service } }, points }]);
  const found = latency(evidence, { windowUs, ...filter });
  evidence.close();
  const cells = found.cells.map(({ timeUs, from, to, count }) => [(timeUs - START_US) / STEP_US, from, to, count]);
  return { ...found, cells };
}

test('counts what came between two points, by bucket, in a window that ends at the newest', () => {
  const { sinceUs, untilUs, stepUs, cells } = latencyOf([point(0, [5, 0]), point(59, [6, 0]), point(60, [8, 1])]);
  assert.deepEqual([sinceUs, untilUs, stepUs], [START_US, START_US + 60 * STEP_US, STEP_US]);
  assert.deepEqual(cells.slice(-2), [
    [59, 0, 0.1, 2],
    [59, 0.1, null, 1],
  ]);
});

test('spreads a count over the steps since the point before', () => {
  const { cells } = latencyOf([point(0, [5, 0]), point(57, [5, 0]), point(60, [8, 0])]);
  assert.deepEqual(cells, [
    [57, 0, 0.1, 1],
    [58, 0, 0.1, 1],
    [59, 0, 0.1, 1],
  ]);
});

test('does not take for new what was counted before the first point', () => {
  assert.deepEqual(latencyOf([point(59, [100, 0]), point(60, [101, 0])]).cells, [[59, 0, 0.1, 1]]);
});

test('counts all of a series that appears, and of a process that has just started', () => {
  const other = { labels: { ...labels, http_route: '/other' } };
  const appeared = latencyOf([point(59, [1, 0]), point(60, [1, 0]), point(60, [0, 3], other)]);
  assert.deepEqual(appeared.cells, [[59, 0.1, null, 3]]);
  const started = latencyOf([point(60, [4, 0], { startUs: START_US + 59 * STEP_US })]);
  assert.deepEqual(started.cells, [[59, 0, 0.1, 4]]);
});

test('a process that starts again begins at zero', () => {
  assert.deepEqual(latencyOf([point(59, [100, 0]), point(60, [2, 0])]).cells, [[59, 0, 0.1, 2]]);
});

test('filters by service, route, status and error, and tells what there is to filter by', () => {
  const failed = { labels: { http_route: '/failed', http_response_status_code: '500', error_type: 'Error' } };
  const points = [point(59, [0, 0]), point(60, [1, 0]), point(59, [0, 0], failed), point(60, [0, 2], failed)];
  const counts = (filter: object) => latencyOf(points, filter).cells.map(([, , , count]) => count);
  assert.deepEqual(counts({}), [1, 2]);
  assert.deepEqual(counts({ route: '/' }), [1]);
  assert.deepEqual(counts({ status: 500 }), [2]);
  assert.deepEqual(counts({ error: true }), [2]);
  assert.deepEqual(counts({ service: 'b' }), []);
  const { routes, statuses } = latencyOf(points, { service: 'b' });
  assert.deepEqual(
    [routes, statuses],
    [
      ['/', '/failed'],
      [200, 500],
    ],
  );
});

test('is empty in an empty store', () => {
  const { cells, untilUs } = latencyOf([]);
  assert.deepEqual([cells, untilUs], [[], 0]);
});
