import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Batch, type ExemplarRecord, openEvidence, type PointRecord } from '../../src/index.ts';
import { evidenceOf, goodRun, HISTOGRAM, START_US, spanId, traceId } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'exemplar-coverage';
const SECOND = 1_000_000;
const labels = { http_route: '/api/slow', http_response_status_code: '200' };

/** A point of one series with the buckets 5 ms, 10 ms, +Inf, so many seconds after the start. */
function point(seconds: number, counts: number[], more: Partial<PointRecord> = {}): PointRecord {
  const count = counts.reduce((sum, inBucket) => sum + inBucket, 0);
  const timeUs = START_US + seconds * SECOND;
  const histogram = { bounds: [0.005, 0.01], counts, count };
  return { metric: HISTOGRAM, type: 'histogram', labels, timeUs, source: 'scrape', histogram, ...more };
}

function exemplar(seconds: number, value: number): ExemplarRecord {
  const ids = { traceId: traceId(), spanId: spanId() };
  return { metric: HISTOGRAM, labels, value, timeUs: START_US + seconds * SECOND, ...ids, source: 'scrape' };
}

function evidenceWith(points: PointRecord[], exemplars: ExemplarRecord[], more: Partial<Batch> = {}) {
  const evidence = openEvidence();
  evidence.write([{ resource: { attributes: { 'service.name': 'shop' } }, points, exemplars, ...more }]);
  return evidence;
}

test('holds when every bucket that was incremented has an exemplar', () => {
  const { status, checked } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 6 });
});

test('has nothing to check when nobody gives exemplars, or nothing was incremented', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
  assert.equal(resultOf(name, evidenceWith([point(0, [0, 0, 0]), point(60, [1, 0, 0])], [])).checked, 0);
  const idle = [point(0, [1, 0, 0]), point(30, [1, 0, 0]), point(60, [1, 0, 0])];
  assert.equal(resultOf(name, evidenceWith(idle, [exemplar(0, 0.001)])).checked, 0);
});

test('names the bucket that has none', () => {
  const evidence = evidenceWith(
    [point(0, [1, 1, 0]), point(15, [2, 1, 1]), point(30, [3, 1, 1])],
    [exemplar(20, 0.001)],
  );
  const { status, checked, held, examples } = resultOf(name, evidence);
  assert.deepEqual({ status, checked, held }, { status: 'falls-short', checked: 2, held: 1 });
  assert.deepEqual(examples, [
    {
      service: 'shop',
      route: '/api/slow',
      status: '200',
      le: '+Inf',
      timeUs: START_US + 30 * SECOND,
      missing: 'exemplar',
    },
  ]);
});

test('names the buckets of a service that gives none, when another does', () => {
  const run = goodRun();
  run['full-otel'].exemplars = [];
  const { held, checked, examples } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ held, checked }, { held: 2, checked: 6 });
  assert.partialDeepStrictEqual(examples, [{ service: 'full-otel', le: 0.005 }]);
});

test('looks at the last two intervals, which are 15 s or as far apart as the points', () => {
  const close = [point(0, [0, 0, 0]), point(30, [0, 5, 0]), point(45, [1, 5, 0]), point(60, [2, 5, 0])];
  assert.equal(resultOf(name, evidenceWith(close, [exemplar(40, 0.001)])).checked, 1);
  const apart = [point(0, [0, 0, 0]), point(60, [0, 5, 0]), point(120, [1, 5, 0]), point(121, [2, 5, 0])];
  assert.equal(resultOf(name, evidenceWith(apart, [exemplar(40, 0.001)])).checked, 2);
});

test('takes an exemplar of the interval before, and no older one', () => {
  const points = [point(0, [0, 0, 0]), point(30, [0, 0, 0]), point(45, [0, 0, 0]), point(60, [1, 0, 0])];
  assert.equal(resultOf(name, evidenceWith(points, [exemplar(16, 0.001)])).status, 'holds');
  assert.equal(resultOf(name, evidenceWith(points, [exemplar(14, 0.001)])).status, 'falls-short');
});

test('counts from zero where the process started within the intervals, and after a restart', () => {
  const started = [point(10, [1, 0, 0], { startUs: START_US })];
  assert.equal(resultOf(name, evidenceWith(started, [exemplar(5, 0.007)])).status, 'falls-short');
  const restarted = [point(0, [9, 9, 9]), point(20, [0, 1, 0]), point(30, [0, 2, 0])];
  assert.equal(resultOf(name, evidenceWith(restarted, [exemplar(25, 0.007)])).checked, 1);
});

test('says so when one point is all there is', () => {
  const { checked, reasons } = resultOf(name, evidenceWith([point(0, [1, 0, 0])], [exemplar(0, 0.001)]));
  assert.deepEqual({ checked, reasons }, { checked: 0, reasons: { 'too few points': 1 } });
});

test('counts a bucket without an exemplar as uncheckable where requests are sampled', () => {
  const points = [point(0, [0, 0, 0]), point(15, [1, 1, 0])];
  const attributes = { 'http.request.method': 'GET', 'http.route': '/api/slow', 'http.response.status_code': 200 };
  const line = { timeUs: START_US, body: 'request completed', traceFlags: 0, attributes, source: 'stdout' } as const;
  const { status, held, reasons } = resultOf(name, evidenceWith(points, [exemplar(5, 0.001)], { logs: [line] }));
  assert.deepEqual({ status, held, reasons }, { status: 'holds', held: 1, reasons: { 'requests are sampled': 1 } });
});

test('looks at what there was until the end of the window', () => {
  const points = [point(0, [0, 0, 0]), point(15, [1, 0, 0]), point(30, [1, 1, 0])];
  const result = resultOf(name, evidenceWith(points, [exemplar(5, 0.001)]), { until: START_US + 20 * SECOND });
  assert.deepEqual([result.status, result.checked], ['holds', 1]);
});

test('takes any line with flags 00 for a sign of sampling', () => {
  const points = [point(0, [0, 0, 0]), point(15, [1, 1, 0])];
  const line = { timeUs: START_US, body: 'hello', traceId: traceId(), traceFlags: 0, attributes: {} };
  const logs = [{ ...line, source: 'stdout' as const }];
  const { reasons } = resultOf(name, evidenceWith(points, [exemplar(5, 0.001)], { logs }));
  assert.deepEqual(reasons, { 'requests are sampled': 1 });
});

test('without completion lines, fewer spans than requests may be sampling', () => {
  const run = goodRun();
  run['full-otel'].exemplars.shift();
  run['full-otel'].exemplars.splice(0, 2);
  const missing = run['full-otel'].spans.shift();
  assert.ok(missing);
  assert.equal(resultOf(name, evidenceOf(run)).status, 'falls-short', 'its lines say that all are sampled');
  run['full-otel'].logs = [];
  const { status, reasons } = resultOf(name, evidenceOf(run));
  const reason = 'fewer spans than requests, and no completion lines that say which were sampled';
  assert.deepEqual({ status, reasons }, { status: 'holds', reasons: { [reason]: 1 } });
  run['full-otel'].spans.unshift(missing);
  assert.equal(resultOf(name, evidenceOf(run)).status, 'falls-short');
});

test('names a service with HTTP spans that has no request histogram, when another gives exemplars', () => {
  const run = goodRun();
  Object.assign(run['prom-otel'], { points: [], exemplars: [] });
  const { status, checked, held, examples } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, checked, held }, { status: 'falls-short', checked: 5, held: 4 });
  assert.deepEqual(examples, [{ service: 'prom-otel', missing: 'http_server_request_duration_seconds' }]);
  assert.equal(resultOf(name, evidenceOf(run), { services: ['prom-otel'] }).status, 'nothing-to-check');
});
