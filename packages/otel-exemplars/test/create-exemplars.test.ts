import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT_CONTEXT, type Span, ValueType } from '@opentelemetry/api';
import {
  AggregationType,
  createAllowListAttributesProcessor,
  type ExponentialHistogram,
  type Histogram,
  MeterProvider,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { explicitBucket, exponentialBucket } from '../src/buckets.ts';
import { createExemplars, type Exemplar, exemplarsOf } from '../src/index.ts';
import { DELTA, newSpan, pointsOf, randomFrom, sampled, startSdk, TestReader, unsampled, within } from './sdk.ts';

const boundaries = { advice: { explicitBucketBoundaries: [1, 2, 5] } };

test('a histogram keeps the first measurement of each bucket, the upper bound inclusive', async () => {
  const { meter, reader } = startSdk();
  const histogram = meter.createHistogram('latency', boundaries);
  for (const value of [1, 0.5, 1.5, 2, 9, 7]) histogram.record(value, {}, sampled());
  assert.deepEqual(await reader.values('latency'), [1, 1.5, 9]);
});

test('an exemplar has the ids of the span, the value and the time of the measurement', async () => {
  const { meter, reader } = startSdk();
  const span = newSpan();
  const before = Date.now();
  meter.createHistogram('latency', boundaries).record(1.25, { route: '/' }, within(span));
  const { exemplars } = await reader.readOne('latency');
  const [{ timestamp, ...exemplar }] = exemplars as [Exemplar];
  const { traceId, spanId } = span.spanContext();
  assert.deepEqual(exemplar, { value: 1.25, traceId, spanId, filteredAttributes: {} });
  const time = timestamp[0] * 1000 + timestamp[1] / 1e6;
  assert.ok(before <= time && time <= Date.now());
});

test('a histogram without advice has the boundaries of the SDK', async () => {
  const { meter, reader } = startSdk();
  const histogram = meter.createHistogram('latency');
  for (const value of [3, 4, 6, 20_000]) histogram.record(value, {}, sampled());
  assert.deepEqual(await reader.values('latency'), [3, 6, 20_000]);
});

test('a counter keeps its first increment', async () => {
  const { meter, reader } = startSdk();
  const counter = meter.createCounter('sent');
  counter.add(4, {}, sampled());
  counter.add(5, {}, sampled());
  assert.deepEqual(await reader.values('sent'), [4]);
});

test('a counter of whole numbers keeps what the SDK counts', async () => {
  const { meter, reader } = startSdk();
  meter.createCounter('sent', { valueType: ValueType.INT }).add(4.9, {}, sampled());
  assert.deepEqual(await reader.values('sent'), [4]);
});

const exponential = { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const;

for (const [by, { range, ...setup }] of Object.entries({
  'a view': { range: 30, views: [{ instrumentName: 'latency', aggregation: exponential }] },
  'its reader': { range: 1000, readers: [new TestReader({ aggregationSelector: () => exponential })] },
  'a view, with 4 buckets': {
    range: 1e6,
    views: [{ instrumentName: 'latency', aggregation: { ...exponential, options: { maxSize: 4 } } }],
  },
  'a view, with 1 bucket, of which the SDK makes 2': {
    range: 1e6,
    views: [{ instrumentName: 'latency', aggregation: { ...exponential, options: { maxSize: 1 } } }],
  },
})) {
  test(`an exponential histogram asked for by ${by} has one exemplar in every bucket that was hit`, async () => {
    const { meter, reader } = startSdk(setup);
    const histogram = meter.createHistogram('latency');
    const random = randomFrom(7);
    for (let i = 0; i < 2000; i += 1) histogram.record(i === 9 ? 0 : range ** random(), {}, sampled());
    const { point, exemplars } = await reader.readOne('latency');
    const { scale, positive, zeroCount } = point.value as ExponentialHistogram;
    const hit = positive.bucketCounts.flatMap((count, i) => (count > 0 ? [positive.offset + i] : []));
    const found = exemplars.map(({ value }) => exponentialBucket(scale, value)).sort((a, b) => a - b);
    assert.equal(zeroCount, 1);
    assert.deepEqual(found, [Number.NEGATIVE_INFINITY, ...hit]);
  });
}

test('a cumulative exponential histogram that has lost resolution before has one exemplar per bucket at most', async () => {
  const { meter, reader } = startSdk({ views: [{ instrumentName: 'latency', aggregation: exponential }] });
  const histogram = meter.createHistogram('latency');
  for (const value of [1e-9, 1e9]) histogram.record(value, {}, sampled());
  await reader.collect();
  for (const value of [100, 101, 200]) histogram.record(value, {}, sampled());
  assert.deepEqual(await reader.values('latency'), [100, 200]);
});

test('every interval starts anew, and time goes on from one to the next', async () => {
  const { meter, reader } = startSdk();
  const histogram = meter.createHistogram('latency', boundaries);
  const times: number[] = [];
  for (const value of [1.1, 1.2, 1.3]) {
    histogram.record(value, {}, sampled());
    histogram.record(1.9, {}, sampled());
    const { exemplars } = await reader.readOne('latency');
    assert.deepEqual(
      exemplars.map((exemplar) => exemplar.value),
      [value],
    );
    times.push(...exemplars.map(({ timestamp: [seconds, nanos] }) => seconds * 1e9 + nanos));
  }
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  assert.deepEqual(await reader.values('latency'), [], 'an interval without measurements has none');
});

test('what is measured while a collection is under way is kept for the next', async () => {
  const { meter, reader } = startSdk();
  const histogram = meter.createHistogram('latency', boundaries);
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  meter.createObservableGauge('slow').addCallback(() => {
    ask();
    return answered;
  });
  histogram.record(1.1, {}, sampled());
  const collection = reader.values('latency');
  await asked;
  histogram.record(1.2, {}, sampled());
  answer();
  assert.deepEqual(await collection, [1.1]);
  assert.deepEqual(await reader.values('latency'), [1.2]);
});

test('delta temporality has the exemplars of its interval', async () => {
  const { meter, reader } = startSdk({ readers: [new TestReader(DELTA)] });
  const histogram = meter.createHistogram('latency', boundaries);
  histogram.record(1.1, { route: '/a' }, sampled());
  assert.deepEqual(await reader.values('latency'), [1.1]);
  histogram.record(1.2, { route: '/b' }, sampled());
  assert.deepEqual(await reader.values('latency'), [1.2]);
});

test('each reader has its own interval, and onExemplar is told once of a measurement that both keep', async () => {
  const told: Span[] = [];
  const [often, rarely] = [new TestReader(DELTA), new TestReader()];
  const { meter } = startSdk({ readers: [often, rarely], onExemplar: (span) => told.push(span) });
  const histogram = meter.createHistogram('latency', boundaries);
  histogram.record(1.1, {}, sampled());
  assert.deepEqual(await often.values('latency'), [1.1]);
  assert.equal(told.length, 1);
  histogram.record(1.2, {}, sampled());
  assert.deepEqual(await often.values('latency'), [1.2]);
  assert.deepEqual(await rarely.values('latency'), [1.1]);
});

test('readers may aggregate one instrument differently', async () => {
  const [explicit, expo] = [new TestReader(), new TestReader({ aggregationSelector: () => exponential })];
  const { meter } = startSdk({ readers: [explicit, expo] });
  const histogram = meter.createHistogram('latency', boundaries);
  for (const value of [1.1, 1.5]) histogram.record(value, {}, sampled());
  assert.deepEqual(await explicit.values('latency'), [1.1]);
  assert.deepEqual(await expo.values('latency'), [1.1, 1.5]);
});

test('series have exemplars of their own, whatever the order of their attributes', async () => {
  const { meter, reader } = startSdk();
  const histogram = meter.createHistogram('latency', boundaries);
  histogram.record(1, { route: '/a', status: 200 }, sampled());
  histogram.record(2, { status: 200, route: '/a' }, sampled());
  histogram.record(3, { route: '/a', status: '200' }, sampled());
  histogram.record(4, undefined, sampled());
  const found = (await reader.read('latency')).map(({ point, exemplars }) => [
    point.attributes,
    exemplars.map(({ value }) => value),
  ]);
  assert.deepEqual(found, [
    [{ route: '/a', status: 200 }, [1, 2]],
    [{ route: '/a', status: '200' }, [3]],
    [{}, [4]],
  ]);
});

test('a view that renames and filters: the exemplar says which attributes it took off', async () => {
  const { meter, reader } = startSdk({
    views: [
      {
        instrumentName: 'latency',
        name: 'renamed',
        attributesProcessors: [createAllowListAttributesProcessor(['route'])],
        aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [10] } },
      },
    ],
  });
  const histogram = meter.createHistogram('latency', boundaries);
  histogram.record(1, { route: '/', user: 'a', tenant: undefined }, sampled());
  histogram.record(3, { route: '/', user: 'b' }, sampled());
  histogram.record(30, { route: '/', user: 'c' }, sampled());
  const { point, exemplars } = await reader.readOne('renamed');
  assert.deepEqual(point.attributes, { route: '/' });
  assert.deepEqual(
    exemplars.map(({ value, filteredAttributes }) => [value, filteredAttributes]),
    [
      [1, { user: 'a' }],
      [30, { user: 'c' }],
    ],
  );
});

test('an instrument under several views has exemplars in each stream, and none where it is dropped', async () => {
  const { meter, reader } = startSdk({
    views: [
      { instrumentName: 'sent', name: 'all', attributesProcessors: [createAllowListAttributesProcessor([])] },
      { instrumentName: 'sent', name: 'each' },
      { instrumentName: 'noise', aggregation: { type: AggregationType.DROP } },
      { instrumentName: 'last', aggregation: { type: AggregationType.LAST_VALUE } },
    ],
  });
  const sent = meter.createCounter('sent');
  sent.add(1, { route: '/a' }, sampled());
  sent.add(2, { route: '/b' }, sampled());
  meter.createCounter('noise').add(1, {}, sampled());
  meter.createCounter('last').add(1, {}, sampled());
  const metrics = await reader.metrics();
  const values = metrics.map(({ descriptor, dataPoints }) => [
    descriptor.name,
    dataPoints.map((point) => exemplarsOf(point).map(({ value }) => value)),
  ]);
  assert.deepEqual(values, [
    ['all', [[1]]],
    ['each', [[1], [2]]],
    ['last', [[]]],
  ]);
});

test('a view without a name takes every instrument it selects by the name that each has', async () => {
  const { meter, reader } = startSdk({
    views: [{ instrumentName: 'http.*', aggregation: { type: AggregationType.SUM } }],
  });
  meter.createHistogram('http.in').record(1, {}, sampled());
  meter.createHistogram('http.out').record(2, {}, sampled());
  assert.deepEqual([await reader.values('http.in'), await reader.values('http.out')], [[1], []]);
});

test('instruments that share a name, but not scope, unit or kind, share no exemplars', async () => {
  const { meter, provider, reader } = startSdk();
  meter.createHistogram('x', { unit: 's', ...boundaries }).record(1, {}, sampled());
  meter.createHistogram('x', { unit: 'By', ...boundaries }).record(2, {}, sampled());
  meter.createCounter('x', { unit: 's' }).add(3, {}, sampled());
  provider.getMeter('other').createCounter('x', { unit: 's' }).add(4, {}, sampled());
  provider.getMeter('other', '2').createCounter('x', { unit: 's' }).add(5, {}, sampled());
  const found = (await reader.read('x')).map(({ exemplars }) => exemplars.map(({ value }) => value));
  assert.deepEqual(found, [[1], [2], [3], [4], [5]]);
});

test('gauges, up-down counters and observable instruments have none, and work as ever', async () => {
  const { meter, reader } = startSdk({ filter: 'always_on' });
  meter.createGauge('gauge').record(1, {}, sampled());
  meter.createUpDownCounter('up-down').add(2, {}, sampled());
  meter.createObservableCounter('counter').addCallback((result) => result.observe(3));
  meter.createObservableUpDownCounter('level').addCallback((result) => result.observe(4));
  const batch = meter.createObservableGauge('batch');
  meter.addBatchObservableCallback((result) => result.observe(batch, 5), [batch]);
  const points = pointsOf(await reader.metrics());
  assert.deepEqual(
    points.map(({ value }) => value),
    [1, 2, 3, 4, 5],
  );
  assert.ok(points.every((point) => exemplarsOf(point).length === 0));
});

test('trace_based takes measurements in sampled spans only', async () => {
  const { meter, reader } = startSdk({ filter: 'trace_based' });
  const counter = meter.createCounter('sent');
  counter.add(1, {}, unsampled());
  counter.add(2, {}, ROOT_CONTEXT);
  counter.add(3);
  counter.add(4, {}, sampled());
  assert.deepEqual(await reader.values('sent'), [4]);
});

for (const [what, endedAgoMs, taken] of [
  ['nothing in the context of a span that ended a while ago', 20, []],
  ['a measurement right after its span has ended', 0, [4]],
] as const) {
  test(`trace_based takes ${what}`, async ({ mock }) => {
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const { meter, reader } = startSdk({ filter: 'trace_based' });
    const endMs = Date.now() - endedAgoMs;
    const ended = Object.assign(newSpan(), { endTime: [Math.floor(endMs / 1e3), (endMs % 1e3) * 1e6] });
    meter.createCounter('sent').add(4, {}, within(ended));
    assert.deepEqual(await reader.values('sent'), taken);
  });
}

test('exemplars come by rising value, in whatever order they were measured', async () => {
  const { meter, reader } = startSdk();
  const histogram = meter.createHistogram('latency', boundaries);
  for (const value of [2.5, 0.5, 1.5]) histogram.record(value, {}, sampled());
  assert.deepEqual(await reader.values('latency'), [0.5, 1.5, 2.5]);
});

test('always_on takes every measurement, with the ids of the span where there is one', async () => {
  const { meter, reader } = startSdk({ filter: 'always_on' });
  const histogram = meter.createHistogram('latency', boundaries);
  const span = newSpan(0);
  histogram.record(0.5);
  histogram.record(1.5, {}, within(span));
  const { exemplars } = await reader.readOne('latency');
  const { traceId, spanId } = span.spanContext();
  assert.deepEqual(
    exemplars.map((exemplar) => [exemplar.value, exemplar.traceId, exemplar.spanId]),
    [
      [0.5, undefined, undefined],
      [1.5, traceId, spanId],
    ],
  );
});

test('always_off takes none', async () => {
  const { meter, reader } = startSdk({ filter: 'always_off' });
  meter.createCounter('sent').add(1, {}, sampled());
  assert.deepEqual(await reader.values('sent'), []);
});

test('what the SDK refuses to count is no exemplar', async () => {
  const { meter, reader } = startSdk();
  const histogram = meter.createHistogram('latency', boundaries);
  for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) histogram.record(value, {}, sampled());
  assert.deepEqual(await reader.values('latency'), []);
});

test('onExemplar gets the span of each exemplar, when it is chosen', () => {
  const chosen: Span[] = [];
  const { meter } = startSdk({ onExemplar: (span) => chosen.push(span) });
  const histogram = meter.createHistogram('latency', boundaries);
  const [first, second, third] = [newSpan(), newSpan(), newSpan()];
  histogram.record(1.1, {}, within(first));
  histogram.record(1.2, {}, within(second));
  histogram.record(3, {}, within(third));
  assert.equal(chosen.length, 2);
  assert.ok(chosen[0] === first && chosen[1] === third);
});

test('an onExemplar that throws does not throw into the code that measures', async () => {
  const { meter, reader } = startSdk({
    onExemplar: () => {
      throw new Error('broken');
    },
  });
  meter.createCounter('sent').add(1, {}, sampled());
  assert.deepEqual(await reader.values('sent'), [1]);
});

test('series above the limit of the SDK have no exemplars', async () => {
  const views = [{ instrumentName: 'sent', aggregationCardinalityLimit: 10 }];
  const { meter, reader } = startSdk({ views });
  const counter = meter.createCounter('sent');
  for (let i = 0; i < 1000; i += 1) counter.add(i, { i }, sampled());
  assert.deepEqual(await reader.values('sent'), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test('when data points have exemplars already, ours are left out and no more are chosen', async () => {
  const chosen: number[] = [];
  const exemplars = createExemplars({ onExemplar: (_, { value }) => chosen.push(value) });
  const reader = exemplars.reader(new TestReader());
  const setMetricProducer = reader.setMetricProducer.bind(reader);
  reader.setMetricProducer = (producer) => setMetricProducer(withNativeExemplars(producer));
  const meter = exemplars.meterProvider(new MeterProvider({ readers: [reader] })).getMeter('test');
  const counter = meter.createCounter('sent');
  counter.add(1, {}, sampled());
  assert.deepEqual(await reader.values('sent'), []);
  counter.add(2, {}, sampled());
  assert.deepEqual(await reader.values('sent'), []);
  assert.deepEqual(chosen, [1]);
});

/** A metrics SDK of the future. */
function withNativeExemplars(producer: MetricProducer): MetricProducer {
  return {
    async collect(options) {
      const result = await producer.collect(options);
      for (const { metrics } of result.resourceMetrics.scopeMetrics) {
        for (const { dataPoints } of metrics) for (const point of dataPoints) Object.assign(point, { exemplars: [] });
      }
      return result;
    },
  };
}

test('the boundaries of the exemplars are those of the data point', async () => {
  const { meter, reader } = startSdk();
  const histogram = meter.createHistogram('latency', { advice: { explicitBucketBoundaries: [5, 1, 2] } });
  const random = randomFrom(3);
  for (let i = 0; i < 100; i += 1) histogram.record(random() * 6, {}, sampled());
  const { point, exemplars } = await reader.readOne('latency');
  const { boundaries: bounds } = (point.value as Histogram).buckets;
  const buckets = exemplars.map(({ value }) => explicitBucket(bounds, value)).sort((a, b) => a - b);
  assert.deepEqual(buckets, [0, 1, 2, 3]);
});
