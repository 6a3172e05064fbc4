import type { MetricAdvice, ValueType } from '@opentelemetry/api';
import {
  type AggregationOption,
  AggregationType,
  DataPointType,
  type InstrumentType,
} from '@opentelemetry/sdk-metrics';
import { explicitBucket } from './buckets.ts';
import { ExponentialReservoir, FixedReservoir, type Reservoir } from './reservoir.ts';

/** What a synchronous instrument was made with. */
export interface Instrument {
  name: string;
  type: InstrumentType.COUNTER | InstrumentType.HISTOGRAM;
  unit: string;
  valueType: ValueType;
  advice: MetricAdvice;
}

/** The data points that an aggregation gives, and a reservoir for one of them. */
export interface Aggregation {
  type: DataPointType;
  newReservoir: () => Reservoir;
}

// The SDK's own: for milliseconds.
const DEFAULT_BOUNDARIES = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];
const DEFAULT_MAX_SIZE = 160;
const MIN_MAX_SIZE = 2;

/** How the SDK aggregates an instrument under `option`; undefined where exemplars have no place: dropped, last value. */
export function aggregationOf(option: AggregationOption, instrument: Instrument): Aggregation | undefined {
  switch (option.type) {
    case AggregationType.DEFAULT:
      return instrument.type === 'HISTOGRAM' ? explicit(instrument.advice.explicitBucketBoundaries) : sum;
    case AggregationType.SUM:
      return sum;
    case AggregationType.EXPLICIT_BUCKET_HISTOGRAM:
      return explicit(option.options?.boundaries);
    case AggregationType.EXPONENTIAL_HISTOGRAM:
      return exponential(option.options?.maxSize);
    default:
      return undefined;
  }
}

const sum: Aggregation = { type: DataPointType.SUM, newReservoir: () => new FixedReservoir(() => 0) };

function explicit(boundaries: readonly number[] = DEFAULT_BOUNDARIES): Aggregation {
  const rising = boundaries.toSorted((a, b) => a - b);
  const bucketOf = (value: number) => explicitBucket(rising, value);
  return { type: DataPointType.HISTOGRAM, newReservoir: () => new FixedReservoir(bucketOf) };
}

function exponential(maxSize = DEFAULT_MAX_SIZE): Aggregation {
  const size = Math.max(maxSize, MIN_MAX_SIZE);
  return { type: DataPointType.EXPONENTIAL_HISTOGRAM, newReservoir: () => new ExponentialReservoir(size) };
}
