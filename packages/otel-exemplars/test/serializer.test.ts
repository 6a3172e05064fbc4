import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import {
  AggregationTemporality,
  AggregationType,
  createAllowListAttributesProcessor,
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { type Exemplar, setExemplars } from '../src/exemplar.ts';
import { exemplarsOf } from '../src/index.ts';
import { exemplarMetricsSerializer } from '../src/serializer.ts';
import { decodeMetrics } from './otlp.ts';
import { newSpan, randomFrom, sampled, startSdk, within } from './sdk.ts';

const serialize = (metrics: ResourceMetrics) => exemplarMetricsSerializer.serializeRequest(metrics) as Uint8Array;

test('without exemplars the bytes are those of the official serializer', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const metrics = randomMetrics(randomFrom(seed));
    const official = ProtobufMetricsSerializer.serializeRequest(metrics) as Uint8Array;
    assert.deepEqual(Buffer.from(serialize(metrics)), Buffer.from(official), `seed ${seed}`);
  }
});

test('with exemplars everything else stays as it was, and every exemplar is on its data point', () => {
  let exemplars = 0;
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = randomFrom(seed);
    const metrics = randomMetrics(random);
    const before = decodeMetrics(ProtobufMetricsSerializer.serializeRequest(metrics) as Uint8Array);
    const expected = allPoints(metrics).map((point) => addExemplars(point, random));
    const after = decodeMetrics(serialize(metrics));
    const decoded = after.flatMap(({ points }) => points.map((point) => point.exemplars));
    assert.deepEqual(decoded, expected, `seed ${seed}`);
    const emptied = after.map((metric) => ({ ...metric, points: metric.points.map((p) => ({ ...p, exemplars: [] })) }));
    assert.deepEqual(emptied, before, `seed ${seed}`);
    exemplars += decoded.flat().length;
  }
  assert.ok(exemplars > 1000, `${exemplars} exemplars were compared`);
});

const NOW = 1_800_000_000_123;

test('what was measured arrives: ids, time, double values, filtered attributes of every type', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: NOW });
  const { meter, reader } = startSdk({
    views: [
      { instrumentName: 'counted', attributesProcessors: [createAllowListAttributesProcessor(['kept'])] },
      { instrumentName: 'spread', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
    ],
  });
  const [counted, timed, spread] = [newSpan(), newSpan(), newSpan()];
  const attributes = { kept: 'k', text: 'ünïcode', int: 7, double: 0.5, flag: true, list: ['a', 'b'], no: undefined };
  meter.createCounter('counted', { valueType: ValueType.INT }).add(3, attributes, within(counted));
  meter.createHistogram('timed').record(12.5, {}, within(timed));
  meter.createHistogram('spread').record(0.25, {}, within(spread));
  const { resourceMetrics } = await reader.collect();
  const { text, int, double, flag, list } = attributes;
  const exemplar = (span: typeof counted, asDouble: number, filtered: Attributes = {}) => {
    const { traceId, spanId } = span.spanContext();
    return { asDouble, timeMs: NOW, traceId, spanId, attributes: filtered };
  };
  assert.deepEqual(
    decodeMetrics(serialize(resourceMetrics)).map(({ name, type, points }) => [name, type, points[0]?.exemplars]),
    [
      ['counted', 'sum', [exemplar(counted, 3, { text, int, double, flag, list })]],
      ['spread', 'exponentialHistogram', [exemplar(spread, 0.25)]],
      ['timed', 'histogram', [exemplar(timed, 12.5)]],
    ],
  );
});

test('batches of a reader with a limit keep their exemplars', async () => {
  const { meter, reader } = startSdk();
  const counter = meter.createCounter('sent');
  for (let i = 0; i < 5; i += 1) counter.add(i, { i }, sampled());
  const { resourceMetrics } = await reader.collect();
  const points = allPoints(resourceMetrics);
  assert.deepEqual(
    points.map((point) => exemplarsOf(point)[0]?.value),
    [0, 1, 2, 3, 4],
  );
  const [{ metrics, scope }] = resourceMetrics.scopeMetrics as [ResourceMetrics['scopeMetrics'][number]];
  const [metric] = metrics as [MetricData];
  const half = { ...metric, dataPoints: metric.dataPoints.slice(2, 4) } as MetricData;
  const batch = { ...resourceMetrics, scopeMetrics: [{ scope, metrics: [half] }] };
  const decoded = decodeMetrics(serialize(batch)).flatMap(({ points: sent }) => sent);
  assert.deepEqual(
    decoded.map(({ exemplars }) => exemplars[0]?.asDouble),
    [2, 3],
  );
});

function allPoints({ scopeMetrics }: ResourceMetrics): DataPoint<unknown>[] {
  return scopeMetrics.flatMap(({ metrics }) => metrics.flatMap(({ dataPoints }): DataPoint<unknown>[] => dataPoints));
}

/** Gives a point up to three exemplars; returns what has to arrive. */
function addExemplars(point: DataPoint<unknown>, random: () => number) {
  const exemplars: Exemplar[] = Array.from({ length: Math.floor(random() * 4) }, () => ({
    value: random() < 0.5 ? Math.floor(random() * 1e6) : random() * 10 ** (random() * 20 - 10),
    timestamp: [Math.floor(random() * 4e9), 1e6 * Math.floor(random() * 1000)],
    traceId: hex(random, 32),
    spanId: hex(random, 16),
    filteredAttributes: random() < 0.5 ? {} : { user: text(random), admin: true },
  }));
  setExemplars(point, exemplars);
  return exemplars.map(({ value, timestamp, traceId, spanId, filteredAttributes }) => ({
    asDouble: value,
    timeMs: timestamp[0] * 1000 + timestamp[1] / 1e6,
    traceId,
    spanId,
    attributes: filteredAttributes,
  }));
}

function randomMetrics(random: () => number): ResourceMetrics {
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: Math.floor(random() * (most + 1)) }, make);
  const resource = { attributes: randomAttributes(random) } as ResourceMetrics['resource'];
  return {
    resource,
    scopeMetrics: some(3, () => ({
      scope: { name: text(random), version: text(random), schemaUrl: text(random) },
      metrics: some(5, () => randomMetric(random, some)),
    })),
  };
}

type Some = <T>(most: number, make: () => T) => T[];

function randomMetric(random: () => number, some: Some): MetricData {
  const number = () => Math.floor(random() * 10 ** (random() * 15));
  const double = () => (random() - 0.3) * 10 ** (random() * 40 - 20);
  const valueType = random() < 0.5 ? ValueType.INT : ValueType.DOUBLE;
  const time = (): HrTime => [Math.floor(random() * 4e9), Math.floor(random() * 1e9)];
  const points = <T>(value: () => T): DataPoint<T>[] =>
    some(4, () => ({ startTime: time(), endTime: time(), attributes: randomAttributes(random), value: value() }));
  const minMax = () => (random() < 0.5 ? { min: double(), max: double() } : {});
  const scalar = () => (valueType === ValueType.INT ? Math.round(double() % 2 ** 53) : double());
  const common = {
    descriptor: { name: text(random), description: text(random), unit: text(random), valueType },
    aggregationTemporality: random() < 0.5 ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
  };
  const buckets = () => ({ offset: Math.round(random() * 4000 - 2000), bucketCounts: some(200, number) });
  const kinds: (() => MetricData)[] = [
    () => ({ ...common, dataPointType: DataPointType.GAUGE, dataPoints: points(scalar) }),
    () => ({ ...common, dataPointType: DataPointType.SUM, isMonotonic: random() < 0.5, dataPoints: points(scalar) }),
    () => ({
      ...common,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: points(() => {
        const boundaries = some(20, double);
        const counts = [...boundaries.map(number), number()];
        return { buckets: { boundaries, counts }, count: number(), sum: double(), ...minMax() };
      }),
    }),
    () => ({
      ...common,
      dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
      dataPoints: points(() => ({
        count: number(),
        sum: double(),
        scale: Math.round(random() * 30 - 10),
        zeroCount: number(),
        positive: buckets(),
        negative: buckets(),
        ...minMax(),
      })),
    }),
  ];
  return (kinds[Math.floor(random() * kinds.length)] as () => MetricData)();
}

function randomAttributes(random: () => number): Attributes {
  const values = [
    () => text(random),
    () => random() < 0.5,
    () => Math.floor(random() * 1e9),
    random,
    () => ['a', text(random)],
  ];
  const names = Array.from({ length: Math.floor(random() * 6) }, () => text(random));
  return Object.fromEntries(names.map((name) => [name, (values[Math.floor(random() * 5)] as () => string)()]));
}

function text(random: () => number): string {
  const words = ['', 'http.server.request.duration', 'ünïcode ✓', 'a', 'x'.repeat(200)];
  return words[Math.floor(random() * words.length)] as string;
}

function hex(random: () => number, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}
