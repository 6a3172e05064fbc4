import { listSeries } from '../../../packages/evidence/src/index.ts';
import { logsOf, spansOf } from '../../harness/read.ts';
import type { Run } from '../../harness/run.ts';
import type { ServiceUnderTest } from '../../harness/services.ts';

/** What a service costs the stack behind it. */
export interface Cost {
  /** Active series of one pod, as Prometheus counts them: each bucket is one. */
  series: number;
  /** Of one request. */
  spans: number;
  /** Of the log, of one request: of its lines as they go to stdout, or of what OTLP carries of them. */
  logBytes: number;
}

/** Measures a run that has ended, after so many requests. */
export function costOf({ backend, service }: Run, { name, logs }: ServiceUnderTest, requests: number): Cost {
  const perSeries = listSeries(backend.evidence, { service: name, limit: 100_000 }).map(({ last }) =>
    last?.histogram ? last.histogram.counts.length + 2 : 1,
  );
  const stored = logsOf(backend, name).filter(({ traceId }) => traceId !== null);
  const lines =
    logs === 'stdout'
      ? service.output.filter((line) => line.includes('"trace_id"'))
      : stored.map(({ body, level, traceId, spanId, attributes }) =>
          [body, level, traceId, spanId, ...Object.entries(attributes).flat()].join(' '),
        );
  return {
    series: perSeries.reduce((sum, one) => sum + one, 0),
    spans: spansOf(backend, name).length / requests,
    logBytes: lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0) / requests,
  };
}
