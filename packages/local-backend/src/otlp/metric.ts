import type { Attributes } from '@clew/evidence';

/**
 * An OTLP metric as both encodings are read, before its translation to series: which translation applies (the type,
 * the temporality) may come after the points.
 */
export interface Metric {
  name: string;
  unit: string;
  type: 'none' | 'gauge' | 'sum' | 'histogram' | 'exponential histogram' | 'summary';
  /** As in OTLP: 0 unspecified, 1 delta, 2 cumulative. */
  temporality: number;
  monotonic: boolean;
  points: DataPoint[];
}

/** A data point of any type; times in microseconds. */
export interface DataPoint {
  attributes: Attributes;
  /** 0 when not given. */
  startUs: number;
  timeUs: number;
  /** Bit 0: the point has no value and only says that its series went away. */
  flags: number;
  exemplars: Exemplar[];
  /** Of a gauge or sum. */
  value?: number;
  /** The rest: of histograms and summaries. */
  count: number;
  sum?: number;
  bounds: number[];
  counts: number[];
  /** Of an exponential histogram. */
  scale: number;
  zeroCount: number;
  zeroThreshold: number;
  positive: ExponentialBuckets;
  negative: ExponentialBuckets;
  /** Of a summary. */
  quantiles: { quantile: number; value: number }[];
}

/** `counts[i]` is bucket number `offset + i`. */
export interface ExponentialBuckets {
  offset: number;
  counts: number[];
}

export interface Exemplar {
  timeUs: number;
  value: number;
  /** Those that the series left out. */
  filteredAttributes: Attributes;
  traceId?: string;
  spanId?: string;
}

export function emptyMetric(): Metric {
  return { name: '', unit: '', type: 'none', temporality: 0, monotonic: false, points: [] };
}

export function emptyPoint(): DataPoint {
  return {
    attributes: {},
    startUs: 0,
    timeUs: 0,
    flags: 0,
    exemplars: [],
    count: 0,
    bounds: [],
    counts: [],
    scale: 0,
    zeroCount: 0,
    zeroThreshold: 0,
    positive: { offset: 0, counts: [] },
    negative: { offset: 0, counts: [] },
    quantiles: [],
  };
}
