import type { Batch, ExemplarRecord, PointRecord } from '@clew/evidence';
import type { DataPoint, Metric } from '../otlp/metric.ts';
import { type Received, tallyReason } from '../otlp/received.ts';
import { storable } from '../otlp/time.ts';
import { explicitBuckets } from './explicit-buckets.ts';
import { type Labels, labelsOf } from './labels.ts';
import { metricName } from './metric-name.ts';

/** Where translated points go. */
export type PointBatch = Batch & { points: PointRecord[]; exemplars: ExemplarRecord[] };

const noRecordedValue = 1;
const cumulative = 2;

/**
 * Translates an OTLP metric into points and exemplars of Prometheus series, with the labels of its resource, and adds
 * them to `batch`. What cannot be a series is counted in `received.refused`.
 */
export function translateMetric(metric: Metric, resourceLabels: Labels, batch: PointBatch, received: Received): void {
  const refusal = refusalOf(metric);
  if (refusal !== undefined) {
    tallyReason(received.refused, refusal, metric.points.length);
    return;
  }
  const type = typeOf(metric);
  const name = metricName(metric.name, metric.unit, type);
  for (const point of metric.points) {
    // Says that the series went away; there is nothing to keep.
    if (point.flags & noRecordedValue) continue;
    const pointRefusal = refusalOfPoint(metric, point);
    if (pointRefusal !== undefined) {
      tallyReason(received.refused, pointRefusal);
      continue;
    }
    const labels = labelsOf(point.attributes, resourceLabels);
    const base = { metric: name, type, labels, timeUs: point.timeUs, source: 'otlp' as const };
    const record: PointRecord = point.startUs === 0 ? base : { ...base, startUs: point.startUs };
    received.accepted++;
    if (type === 'gauge' || type === 'counter') batch.points.push({ ...record, value: point.value ?? 0 });
    else addDistribution(metric, point, record, batch);
    addExemplars(point, record, batch, received);
  }
}

function typeOf(metric: Metric): 'counter' | 'gauge' | 'histogram' | 'summary' {
  if (metric.type === 'sum') return metric.monotonic ? 'counter' : 'gauge';
  if (metric.type === 'gauge' || metric.type === 'summary') return metric.type;
  return 'histogram';
}

function refusalOf({ name, type, temporality }: Metric): string | undefined {
  if (!/[a-zA-Z0-9:]/.test(name)) return 'metric without a name';
  if (type === 'none') return 'metric without data';
  if (type === 'gauge' || type === 'summary' || temporality === cumulative) return undefined;
  return temporality === 1
    ? `${type} with delta temporality: set OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative`
    : `${type} without an aggregation temporality`;
}

function refusalOfPoint({ type }: Metric, { timeUs, startUs, count, counts, bounds }: DataPoint): string | undefined {
  if (!storable(timeUs) || !storable(startUs)) return 'point with a time after the year 2255';
  if (!Number.isSafeInteger(count)) return 'point with a count over 2^53';
  if (type === 'histogram' && counts.length !== bounds.length + 1 && counts.length + bounds.length > 0) {
    return 'histogram whose bucket counts are not one more than its bounds';
  }
  return undefined;
}

/** Histograms of both kinds become one with explicit bounds; a summary one series per quantile, and its count and sum. */
function addDistribution(metric: Metric, point: DataPoint, record: PointRecord, batch: PointBatch): void {
  const sum = point.sum === undefined ? {} : { sum: point.sum };
  const buckets =
    metric.type === 'exponential histogram'
      ? explicitBuckets(point)
      : { bounds: point.bounds, counts: point.counts.length > 0 ? point.counts : [point.count] };
  batch.points.push({ ...record, histogram: { ...buckets, ...sum, count: point.count } });
  for (const { quantile, value } of point.quantiles) {
    batch.points.push({ ...record, labels: { ...record.labels, quantile: String(quantile) }, value });
  }
}

function addExemplars(point: DataPoint, record: PointRecord, batch: PointBatch, received: Received): void {
  const { metric, labels } = record;
  const bounds = batch.points.at(-1)?.histogram?.bounds;
  for (const { traceId, spanId, value, timeUs, filteredAttributes } of point.exemplars) {
    if (traceId === undefined || spanId === undefined || Number.isNaN(value) || !storable(timeUs)) {
      tallyReason(received.uncheckable, 'exemplar without trace id, span id, value or time');
      continue;
    }
    const le = bounds === undefined ? {} : { le: bounds.find((bound) => value <= bound) ?? Number.POSITIVE_INFINITY };
    const rest = Object.keys(filteredAttributes).length === 0 ? {} : { attributes: filteredAttributes };
    batch.exemplars.push({ metric, labels, ...le, value, timeUs, traceId, spanId, ...rest, source: 'otlp' });
  }
}
