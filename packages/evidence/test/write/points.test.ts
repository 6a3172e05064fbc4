import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listSeries, openEvidence, type PointRecord, requestCounts } from '../../src/index.ts';
import { HISTOGRAM, START_US } from '../run.ts';

const resource = { attributes: { 'service.name': 'full-otel' } };
const labels = { http_request_method: 'GET', http_response_status_code: '200' };

function point(atSecond: number, count: number, startSecond?: number): PointRecord {
  return {
    metric: HISTOGRAM,
    type: 'histogram',
    labels,
    timeUs: START_US + atSecond * 1_000_000,
    ...(startSecond === undefined ? {} : { startUs: START_US + startSecond * 1_000_000 }),
    source: 'scrape',
    histogram: { bounds: [1], counts: [count, 0], count },
  };
}

const cases: { what: string; points: PointRecord[]; total: number }[] = [
  { what: 'the last value counts', points: [point(5, 3), point(10, 7)], total: 7 },
  { what: 'a count that falls is a new process', points: [point(5, 3), point(10, 2), point(15, 4)], total: 7 },
  { what: 'a later start is a new process', points: [point(5, 3, 0), point(10, 3, 6), point(15, 5, 6)], total: 8 },
  { what: 'a corrected start is not', points: [point(5, 3, 0), point(10, 4, 1)], total: 4 },
  { what: 'a point that comes late is none', points: [point(10, 7, 0), point(5, 3, 0), point(15, 8, 0)], total: 8 },
  { what: 'a point that comes twice counts once', points: [point(5, 3, 0), point(5, 3, 0)], total: 3 },
];

for (const { what, points, total } of cases) {
  test(`histogram count: ${what}`, () => {
    const evidence = openEvidence();
    for (const one of points) evidence.write([{ resource, points: [one] }]);
    const [count] = requestCounts(evidence);
    evidence.close();
    assert.equal(count?.histogram, total);
  });
}

test('a series keeps its last point and its type, with an exemplar before the first', () => {
  const evidence = openEvidence();
  const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  evidence.write([
    {
      resource,
      exemplars: [{ metric: HISTOGRAM, labels, le: 1, value: 0.1, timeUs: START_US, ...ids, source: 'scrape' }],
    },
  ]);
  assert.partialDeepStrictEqual(listSeries(evidence), [{ type: 'unknown', last: null }]);
  evidence.write([{ resource, points: [point(10, 7), point(5, 3)] }]);
  const series = listSeries(evidence);
  evidence.close();
  assert.equal(series.length, 1);
  assert.partialDeepStrictEqual(series, [{ type: 'histogram', last: { timeUs: START_US + 10_000_000 } }]);
});
