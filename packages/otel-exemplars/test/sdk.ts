// A metrics SDK with exemplars that is nobody's global one, and spans to measure in.
import assert from 'node:assert/strict';
import { type Context, ROOT_CONTEXT, type Span, TraceFlags, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  MeterProvider,
  type MetricData,
  MetricReader,
  type MetricReaderOptions,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';
import { createExemplars, type Exemplar, type ExemplarOptions, exemplarsOf } from '../src/index.ts';

interface Read {
  point: Point;
  exemplars: readonly Exemplar[];
}

type Point = DataPoint<MetricData['dataPoints'][number]['value']>;

export function pointsOf(metrics: MetricData[]): Point[] {
  return metrics.flatMap(({ dataPoints }): Point[] => dataPoints);
}

/** Collects when it is asked to. */
export class TestReader extends MetricReader {
  protected override async onShutdown() {}
  protected override async onForceFlush() {}

  /** The data points of a metric, each with its exemplars. */
  async read(name: string): Promise<Read[]> {
    const metrics = await this.metrics();
    const points = pointsOf(metrics.filter(({ descriptor }) => descriptor.name === name));
    return points.map((point) => ({ point, exemplars: exemplarsOf(point) }));
  }

  /** The same where there is one data point. */
  async readOne(name: string): Promise<Read> {
    const all = await this.read(name);
    assert.equal(all.length, 1);
    return all[0] as Read;
  }

  async metrics(): Promise<MetricData[]> {
    const { resourceMetrics } = await this.collect();
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
  }

  /** The values of all exemplars of a metric. */
  async values(name: string): Promise<number[]> {
    return (await this.read(name)).flatMap(({ exemplars }) => exemplars.map(({ value }) => value));
  }
}

export const DELTA: MetricReaderOptions = { aggregationTemporalitySelector: () => AggregationTemporality.DELTA };

interface SdkOptions extends ExemplarOptions {
  views?: ViewOptions[];
  readers?: TestReader[];
}

export function startSdk({ views = [], readers = [new TestReader()], ...options }: SdkOptions = {}) {
  const exemplars = createExemplars(options);
  const provider = new MeterProvider({ views: views.map(exemplars.view), readers: readers.map(exemplars.reader) });
  const decorated = exemplars.meterProvider(provider);
  const [reader] = readers as [TestReader];
  return { reader, provider: decorated, meter: decorated.getMeter('test') };
}

let spans = 0;

export function newSpan(traceFlags = TraceFlags.SAMPLED): Span {
  spans += 1;
  const id = spans.toString(16);
  return trace.wrapSpanContext({ traceId: id.padStart(32, 'a'), spanId: id.padStart(16, 'b'), traceFlags });
}

export const within = (span: Span): Context => trace.setSpan(ROOT_CONTEXT, span);
export const sampled = (): Context => within(newSpan());
export const unsampled = (): Context => within(newSpan(TraceFlags.NONE));

/** Pseudo-random numbers from 0 to 1, the same for the same seed: the high bits of a linear congruential generator. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
