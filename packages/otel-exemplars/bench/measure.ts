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

const ROUNDS = 60;
const BURST = 20_000;
const ROUTES = ['/api/users', '/api/users/:id', '/api/data', '/api/slow', '/api/error'];

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
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
  });
}

function spanContext(i: number, traceFlags: TraceFlags): Context {
  const id = (i + 1).toString(16);
  const span = trace.wrapSpanContext({ traceId: id.padStart(32, '0'), spanId: id.padStart(16, '0'), traceFlags });
  return trace.setSpan(ROOT_CONTEXT, span);
}

/** Nanoseconds per measurement. */
function burst(histogram: Histogram, contexts: Context[]): number {
  const start = process.cpuUsage();
  for (let i = 0; i < BURST; i += 1) {
    context.with(contexts[i % contexts.length] as Context, () =>
      histogram.record(((i * 7919) % 4000) / 1000, {
        'http.request.method': 'GET',
        'url.scheme': 'http',
        'http.route': ROUTES[i % ROUTES.length],
        'http.response.status_code': i % 50 === 0 ? 500 : 200,
      }),
    );
  }
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / BURST;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

/** What exemplars add to a measurement: the same histogram with and without, in bursts that take turns. */
export async function measureExemplars(): Promise<ExemplarCost[]> {
  new NodeSDK({ metricReaders: [], spanProcessors: [], logRecordProcessors: [] }).start(); // the real context manager
  const readers = [new Reader(), new Reader()] as const;
  const plain = newHistogram(readers[0], false);
  const exemplars = newHistogram(readers[1], true);
  const cases = {
    'in a sampled span': Array.from({ length: 50 }, (_, i) => spanContext(i, TraceFlags.SAMPLED)),
    'in an unsampled span': Array.from({ length: 50 }, (_, i) => spanContext(i, TraceFlags.NONE)),
    'outside a span': [ROOT_CONTEXT],
  };
  const costs: ExemplarCost[] = [];
  for (const [where, contexts] of Object.entries(cases)) {
    const pairs: [without: number, withExemplars: number][] = [];
    for (let round = -5; round < ROUNDS; round += 1) {
      const first = round % 2 ? burst(plain, contexts) : burst(exemplars, contexts);
      const second = round % 2 ? burst(exemplars, contexts) : burst(plain, contexts);
      if (round >= 0) pairs.push(round % 2 ? [first, second] : [second, first]);
      await Promise.all(readers.map((reader) => reader.collect())); // a collection interval ends
    }
    costs.push({
      where,
      withoutNs: median(pairs.map(([ns]) => ns)),
      addedNs: median(pairs.map(([a, b]) => b - a)),
      ratio: median(pairs.map(([a, b]) => b / a)),
    });
  }
  return costs;
}
