import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listExemplars, listSeries, openEvidence, type PointRecord, pointsOf } from '../../src/index.ts';

const resource = { attributes: { 'service.name': 'a' } };
const counter: PointRecord = {
  metric: 'requests_total',
  type: 'counter',
  labels: { route: '/', method: 'GET' },
  timeUs: 10,
  startUs: 1,
  source: 'otlp',
  value: 1,
};
const histogram = { bounds: [0.1], counts: [1, 2], sum: 3.5, count: 3 };
const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

function written() {
  const evidence = openEvidence();
  const points: PointRecord[] = [
    counter,
    { ...counter, timeUs: 20, value: 2 },
    { ...counter, labels: { route: '/other', method: 'GET' }, value: Number.NaN },
    { metric: 'seconds', type: 'histogram', labels: {}, timeUs: 10, source: 'scrape', histogram },
  ];
  const le = [0.1, Number.POSITIVE_INFINITY];
  const exemplar = { metric: 'seconds', labels: {}, value: 1, timeUs: 9, ...ids, source: 'scrape' } as const;
  const exemplars = le.map((bound) => ({ ...exemplar, le: bound }));
  const span = { ...ids, name: 's', kind: 2, startUs: 1, durationUs: 1, status: 0, attributes: {} };
  evidence.write([{ resource, points, exemplars, spans: [span] }]);
  return evidence;
}

test('lists series with their last point', () => {
  const evidence = written();
  const found = listSeries(evidence, { metric: 'requests_total', labels: { route: '/' }, service: 'a' });
  evidence.close();
  const { metric, type, labels, source } = counter;
  assert.deepEqual(found, [
    {
      id: found[0]?.id,
      metric,
      type,
      labels,
      source,
      service: 'a',
      last: { timeUs: 20, startUs: 1, value: 2, histogram: null },
    },
  ]);
});

test('selects series by metric, labels, service and number', () => {
  const evidence = written();
  const count = (filter: Parameters<typeof listSeries>[1]) => listSeries(evidence, filter).length;
  assert.equal(count({}), 3);
  assert.equal(count({ labels: { method: 'GET' } }), 2);
  assert.equal(count({ labels: { method: 'GET', route: '/nope' } }), 0);
  assert.equal(count({ service: 'b' }), 0);
  assert.equal(count({ limit: 2 }), 2);
  evidence.close();
});

test('gives the points of a series by time', () => {
  const evidence = written();
  const [series] = listSeries(evidence, { labels: { route: '/' } });
  assert.ok(series);
  const values = (since?: number) =>
    pointsOf(evidence, series.id, since === undefined ? {} : { since }).map(({ value }) => value);
  assert.deepEqual(values(), [1, 2]);
  assert.deepEqual(values(11), [2]);
  evidence.close();
});

test('gives histograms with their buckets', () => {
  const evidence = written();
  const [series] = listSeries(evidence, { metric: 'seconds' });
  evidence.close();
  assert.deepEqual(series?.last, { timeUs: 10, startUs: null, value: null, histogram });
});

test('lists exemplars with the bucket as Prometheus writes it, and whether their span is there', () => {
  const evidence = written();
  const found = listExemplars(evidence, { metric: 'seconds', service: 'a' });
  assert.deepEqual(
    found.map(({ le, linked, traceId }) => ({ le, linked, traceId })),
    [
      { le: '+Inf', linked: true, traceId: ids.traceId },
      { le: '0.1', linked: true, traceId: ids.traceId },
    ],
  );
  evidence.db.exec('DELETE FROM spans');
  assert.deepEqual(
    listExemplars(evidence, { limit: 1 }).map(({ linked }) => linked),
    [false],
  );
  assert.deepEqual(listExemplars(evidence, { service: 'b' }), []);
  evidence.close();
});

test('lists exemplars of a route, a status, errors, and from a time on', () => {
  const evidence = openEvidence();
  const good = { http_route: '/', http_response_status_code: '200' };
  const bad = { http_route: '/bad', http_response_status_code: '500', error_type: 'Error' };
  const exemplar = { metric: 'seconds', value: 1, ...ids, source: 'scrape' } as const;
  evidence.write([
    {
      resource,
      exemplars: [
        { ...exemplar, labels: good, timeUs: 1 },
        { ...exemplar, labels: bad, timeUs: 2 },
      ],
    },
  ]);
  const times = (filter: object) => listExemplars(evidence, filter).map(({ timeUs }) => timeUs);
  assert.deepEqual(times({}), [2, 1]);
  assert.deepEqual(times({ route: '/' }), [1]);
  assert.deepEqual(times({ status: 200 }), [1]);
  assert.deepEqual(times({ error: true }), [2]);
  assert.deepEqual(times({ since: 2 }), [2]);
  evidence.close();
});
