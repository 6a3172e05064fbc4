import { type Context, context, type Histogram, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createExemplars } from '../src/index.ts';

export interface ExemplarCost {
  where: string;
  /** CPU of a measurement without exemplars, and what they add: medians, in nanoseconds. */
  withoutNs: number;
  addedNs: number;
  ratio: number;
}

const BURST = 20_000;
const ROUTES = ['/api/users', '/api/users/:id', '/api/data', '/api/slow', '/api/error'];
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** Series that fill a burst with measurements of which each is the first of its bucket; the SDK allows 2,000. */
const MANY_SERIES = Math.ceil(BURST / BOUNDS.length);

interface Case {
  where: string;
  contexts: () => Context[];
  value: (i: number) => number;
  route: (i: number) => string | undefined;
}

class Reader extends MetricReader {
  protected override async onShutdown() {}
  protected override async onForceFlush() {}
}

function newHistogram(reader: Reader, withExemplars: boolean): Histogram {
  const exemplars = createExemplars({ onExemplar: (span) => span.setAttribute('exemplar.recorded', true) });
  const sdk = new MeterProvider({ readers: [withExemplars ? exemplars.reader(reader) : reader] });
  const provider = withExemplars ? exemplars.meterProvider(sdk) : sdk;
  return provider.getMeter('bench').createHistogram('http.server.request.duration', {
    unit: 's',
    advice: { explicitBucketBoundaries: BOUNDS },
  });
}

function spanContext(i: number, traceFlags: TraceFlags): Context {
  const id = (i + 1).toString(16);
  const span = trace.wrapSpanContext({ traceId: id.padStart(32, '0'), spanId: id.padStart(16, '0'), traceFlags });
  return trace.setSpan(ROOT_CONTEXT, span);
}

/** Nanoseconds per measurement. */
function burst(histogram: Histogram, contexts: Context[], { value, route }: Case): number {
  const start = process.cpuUsage();
  for (let i = 0; i < BURST; i += 1) {
    context.with(contexts[i % contexts.length] as Context, () =>
      histogram.record(value(i), {
        'http.request.method': 'GET',
        'url.scheme': 'http',
        'http.route': route(i),
        'http.response.status_code': i % 50 === 0 ? 500 : 200,
      }),
    );
  }
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / BURST;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

const usual = { value: (i: number) => ((i * 7919) % 4000) / 1000, route: (i: number) => ROUTES[i % ROUTES.length] };
const inSpans = (flags: TraceFlags) => () => Array.from({ length: 50 }, (_, i) => spanContext(i, flags));

/** What exemplars add to a measurement: the same histogram with and without, in bursts that take turns. */
export async function measureExemplars({ rounds }: { rounds: number }): Promise<ExemplarCost[]> {
  return measureCases(rounds, [
    { where: 'in a sampled span', contexts: inSpans(TraceFlags.SAMPLED), ...usual },
    { where: 'in an unsampled span', contexts: inSpans(TraceFlags.NONE), ...usual },
    { where: 'outside a span', contexts: () => [ROOT_CONTEXT], ...usual },
    // The worst: so many series that nearly every measurement becomes an exemplar, and marks its recording span.
    {
      where: 'as an exemplar',
      contexts: () => Array.from({ length: BURST }, recordingSpan),
      value: (i) => BOUNDS[Math.floor(i / MANY_SERIES)] ?? 20,
      route: (i) => `/api/${i % MANY_SERIES}`,
    },
  ]);
}

function recordingSpan(): Context {
  return trace.setSpan(ROOT_CONTEXT, trace.getTracer('bench').startSpan('GET', {}, ROOT_CONTEXT));
}

async function measureCases(rounds: number, cases: Case[]): Promise<ExemplarCost[]> {
  // The real context manager and tracer; spans are not exported.
  const sink = { onStart() {}, onEnd() {}, async forceFlush() {}, async shutdown() {} };
  new NodeSDK({ metricReaders: [], spanProcessors: [sink], logRecordProcessors: [] }).start();
  const readers = [new Reader(), new Reader()] as const;
  const plain = newHistogram(readers[0], false);
  const exemplars = newHistogram(readers[1], true);
  const costs: ExemplarCost[] = [];
  for (const one of cases) {
    const pairs: [without: number, withExemplars: number][] = [];
    for (let round = -3; round < rounds; round += 1) {
      const contexts = one.contexts();
      const first = burst(round % 2 ? plain : exemplars, contexts, one);
      const second = burst(round % 2 ? exemplars : plain, contexts, one);
      if (round >= 0) pairs.push(round % 2 ? [first, second] : [second, first]);
      await Promise.all(readers.map((reader) => reader.collect())); // a collection interval ends
    }
    costs.push({
      where: one.where,
      withoutNs: median(pairs.map(([ns]) => ns)),
      addedNs: median(pairs.map(([a, b]) => b - a)),
      ratio: median(pairs.map(([a, b]) => b / a)),
    });
  }
  return costs;
}
