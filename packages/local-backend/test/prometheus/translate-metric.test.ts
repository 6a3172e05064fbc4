import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { emptyMetric, emptyPoint, type Metric } from '../../src/otlp/metric.ts';
import { nothingReceived, type Received } from '../../src/otlp/received.ts';
import { type PointBatch, translateMetric } from '../../src/prometheus/translate-metric.ts';

function translate(metric: Partial<Metric>): PointBatch & { received: Received } {
  const batch: PointBatch = { resource: { attributes: {} }, points: [], exemplars: [] };
  const received = nothingReceived();
  translateMetric({ ...emptyMetric(), ...metric }, {}, batch, received);
  return { ...batch, received };
}

const point = { ...emptyPoint(), value: 1 };
const year2300 = 10_413_792_000_000_000;

suite('refuses', () => {
  const refusals: { name: string; metric: Partial<Metric>; says: RegExp }[] = [
    { name: 'a metric without a name', metric: { type: 'gauge' }, says: /without a name/ },
    { name: 'a name without a letter or digit', metric: { name: '…', type: 'gauge' }, says: /without a name/ },
    { name: 'a metric without data', metric: { name: 'a' }, says: /without data/ },
    { name: 'delta', metric: { name: 'a', type: 'sum', temporality: 1 }, says: /sum with delta temporality/ },
    { name: 'no temporality', metric: { name: 'a', type: 'histogram' }, says: /without an aggregation temporality/ },
    {
      name: 'a time past the year 2255',
      metric: { name: 'a', type: 'gauge', points: [{ ...point, timeUs: year2300 }] },
      says: /2255/,
    },
    {
      name: 'buckets that do not fit the bounds',
      metric: { name: 'a', type: 'histogram', temporality: 2, points: [{ ...point, bounds: [1], counts: [1] }] },
      says: /bucket counts/,
    },
    {
      name: 'a count that no number holds',
      metric: { name: 'a', type: 'summary', points: [{ ...point, count: 2 ** 60 }] },
      says: /2\^53/,
    },
  ];
  for (const { name, metric, says } of refusals) {
    test(name, () => {
      const { points, received } = translate({ points: [point], ...metric });
      assert.deepEqual(points, []);
      assert.equal(received.accepted, 0);
      const [[reason, count] = []] = received.refused;
      assert.match(reason ?? '', says);
      assert.equal(count, 1);
    });
  }
});

test('a refused point leaves the others', () => {
  const { points, received } = translate({
    name: 'a',
    type: 'gauge',
    points: [point, { ...point, timeUs: year2300 }, point],
  });
  assert.equal(points.length, 2);
  assert.equal(received.accepted, 2);
});

test('a point that only says its series went away is no point and not refused', () => {
  const { points, received } = translate({ name: 'a', type: 'gauge', points: [{ ...point, flags: 1 }] });
  assert.deepEqual([points.length, received.refused.size], [0, 0]);
});

test('a histogram without buckets has one', () => {
  const { points } = translate({
    name: 'a',
    type: 'histogram',
    temporality: 2,
    points: [{ ...emptyPoint(), count: 3, sum: 2 }],
  });
  assert.deepEqual(points[0]?.histogram, { bounds: [], counts: [3], sum: 2, count: 3 });
});

test('an exemplar on a bound is in the bucket below, as le says', () => {
  const exemplar = { timeUs: 1, traceId: 'a', spanId: 'b', filteredAttributes: {} };
  const exemplars = [0.5, 1, 1.5].map((value) => ({ ...exemplar, value }));
  const histogram = { ...emptyPoint(), bounds: [0.5, 1], counts: [1, 1, 1], count: 3, exemplars };
  const batch = translate({ name: 'a', type: 'histogram', temporality: 2, points: [histogram] });
  assert.deepEqual(
    batch.exemplars.map(({ le }) => le),
    [0.5, 1, Number.POSITIVE_INFINITY],
  );
});

test('an exemplar that leads nowhere is counted as uncheckable', () => {
  const exemplars = [
    { timeUs: 1, value: 1 },
    { timeUs: 1, value: 1, traceId: 'a' },
    { timeUs: 1, value: Number.NaN, traceId: 'a', spanId: 'b' },
  ].map((exemplar) => ({ ...exemplar, filteredAttributes: {} }));
  const batch = translate({ name: 'a', type: 'gauge', points: [{ ...point, exemplars }] });
  assert.deepEqual(batch.exemplars, []);
  assert.deepEqual([...batch.received.uncheckable.values()], [3]);
});
