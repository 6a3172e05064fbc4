import { isSpanContextValid, type Span, TraceFlags } from '@opentelemetry/api';

const INTERVAL_MS = 15_000;
const MAX_AGE_S = 60;
const EXEMPLAR = / # \{[^}]*\} \S+ (\d+(?:\.\d+)?)$/gm;

/**
 * The exemplar labels for a measurement, or undefined when it gives none: only the first measurement of a series' bucket
 * in 15 s of this process's clock, and only from a sampled span. prom-client would keep the last one and ask nothing.
 * The span is marked `exemplar.recorded=true`, so that tail sampling can keep its trace.
 *
 * @param given by bucket, the interval in which the series last gave an exemplar; kept up to date
 */
export function exemplarLabels(
  given: number[],
  bucket: number,
  span: Span | undefined,
): Record<string, string> | undefined {
  const interval = Math.floor(performance.now() / INTERVAL_MS);
  if (given[bucket] === interval) return undefined;
  const spanContext = span?.spanContext();
  if (!span || !spanContext || !isSpanContextValid(spanContext)) return undefined;
  if (!(spanContext.traceFlags & TraceFlags.SAMPLED)) return undefined;
  given[bucket] = interval;
  span.setAttribute('exemplar.recorded', true);
  return { trace_id: spanContext.traceId, span_id: spanContext.spanId };
}

/** Takes exemplars older than 60 s out of a rendered page: prom-client keeps them until another takes the bucket. */
export function withoutOldExemplars(page: string, nowS = Date.now() / 1000): string {
  return page.replace(EXEMPLAR, (exemplar, timestamp) => (nowS - Number(timestamp) > MAX_AGE_S ? '' : exemplar));
}
