import {
  AggregationType,
  type CollectionResult,
  type IMetricReader,
  type MetricData,
  type MetricProducer,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';
import { aggregationOf, type Instrument } from './aggregation.ts';
import { explicitBucket, exponentialBucket } from './buckets.ts';
import { type Exemplar, setExemplars } from './exemplar.ts';
import type { Reservoir } from './reservoir.ts';
import { type Scope, Stream, seriesKey, streamKey } from './stream.ts';

/** A reader has intervals of its own, and so exemplars of its own. */
export class ReaderExemplars {
  readonly #reader: IMetricReader;
  readonly #onNative: () => void;
  readonly #streams = new Map<string, Stream>();

  /** @param onNative is called when the SDK turns out to make exemplars itself */
  constructor(reader: IMetricReader, onNative: () => void) {
    this.#reader = reader;
    this.#onNative = onNative;
  }

  /** The stream that the SDK makes of an instrument for this reader; none where it is dropped or only its last value kept. */
  streams(scope: Scope, instrument: Instrument, view: ViewOptions | undefined): Stream[] {
    const option = view ? (view.aggregation ?? DEFAULT) : this.#reader.selectAggregation(instrument.type);
    const aggregation = aggregationOf(option, instrument);
    if (!aggregation) return [];
    const key = streamKey(scope, { ...instrument, name: view?.name ?? instrument.name }, aggregation.type);
    const limit = view?.aggregationCardinalityLimit ?? this.#reader.selectCardinalityLimit(instrument.type);
    const stream = this.#streams.get(key) ?? new Stream(aggregation, limit);
    this.#streams.set(key, stream);
    return [stream];
  }

  /** Collects from `producer`, and puts the exemplars of the ended interval beside the data points. */
  async collect(producer: MetricProducer, options?: CollectOptions): Promise<CollectionResult> {
    // First: what is measured while observable callbacks take their time may be in this collection or in the next. So
    // every exemplar is of a measurement that is counted in its data point.
    const ended = new Map(Array.from(this.#streams, ([key, stream]) => [key, stream.take()]));
    const result = await producer.collect(options);
    for (const { scope, metrics } of result.resourceMetrics.scopeMetrics) {
      for (const metric of metrics) {
        const series = ended.get(streamKey(scope, metric.descriptor, metric.dataPointType));
        if (series) this.#attach(metric, series);
      }
    }
    return result;
  }

  #attach({ dataPoints }: MetricData, series: Map<string, Reservoir>): void {
    for (const point of dataPoints) {
      if ('exemplars' in point) {
        this.#onNative();
        return;
      }
      const reservoir = series.get(seriesKey(point.attributes));
      if (reservoir) setExemplars(point, firstPerBucket(bucketsOf(point.value), reservoir.exemplars()));
    }
  }
}

type CollectOptions = Parameters<MetricProducer['collect']>[0];

const DEFAULT = { type: AggregationType.DEFAULT } as const;

/**
 * The buckets that a data point really has. They can be wider than those its exemplars were chosen by: an exponential
 * histogram that is cumulative keeps the resolution of its widest interval.
 */
function bucketsOf(value: MetricData['dataPoints'][number]['value']): (measured: number) => number {
  if (typeof value === 'number') return () => 0;
  if ('buckets' in value) return (measured) => explicitBucket(value.buckets.boundaries, measured);
  return (measured) => exponentialBucket(value.scale, measured);
}

function firstPerBucket(bucketOf: (value: number) => number, exemplars: Iterable<Exemplar>): Exemplar[] {
  const first = new Map<number, Exemplar>();
  for (const exemplar of exemplars) {
    const bucket = bucketOf(exemplar.value);
    if (!first.has(bucket)) first.set(bucket, exemplar);
  }
  // By rising value: Prometheus' OTLP receiver goes through buckets and exemplars side by side, and puts one that comes
  // after a larger one into the larger one's bucket.
  return [...first.values()].sort((a, b) => a.value - b.value);
}
