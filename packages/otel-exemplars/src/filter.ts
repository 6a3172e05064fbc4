import { diag, type HrTime, type Span, TraceFlags } from '@opentelemetry/api';

/** Which measurements may become exemplars: those in a sampled span, all, or none. */
export type ExemplarFilter = 'trace_based' | 'always_on' | 'always_off';

const VARIABLE = 'OTEL_METRICS_EXEMPLAR_FILTER';

/**
 * The filter that `OTEL_METRICS_EXEMPLAR_FILTER` names; `trace_based` when it is unset, empty or unknown.
 *
 * @param warn is told about an unknown value
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#exemplar
 */
export function exemplarFilterFromEnv(
  warn: (message: string) => void = (message) => diag.warn(message),
): ExemplarFilter {
  const value = process.env[VARIABLE]?.trim().toLowerCase() || 'trace_based';
  if (value === 'trace_based' || value === 'always_on' || value === 'always_off') return value;
  warn(`${VARIABLE}="${value}" is none of trace_based, always_on and always_off: using trace_based.`);
  return 'trace_based';
}

export type Accepts = (span: Span | undefined) => boolean;

/** The filter as a predicate over the span that is active at a measurement. */
export const acceptedBy: Record<ExemplarFilter, Accepts> = {
  trace_based: (span) =>
    span !== undefined && (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0 && !isLongOver(span),
  always_on: () => true,
  always_off: () => false,
};

const MOMENT_MS = 1;

/**
 * A span that ended more than a moment ago is not the one that is measured: on a connection that is kept,
 * instrumentation-undici records every request in the context of the one that opened it. A moment, because
 * instrumentation-http ends its span just before it records.
 */
function isLongOver(span: Span): boolean {
  if (span.isRecording() || !('endTime' in span)) return false; // only spans of the SDK know when they ended
  const [seconds, nanos] = span.endTime as HrTime;
  return Date.now() - (seconds * 1e3 + nanos / 1e6) > MOMENT_MS;
}
