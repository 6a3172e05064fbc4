import { diag, type Span, TraceFlags } from '@opentelemetry/api';

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
  // A span that has ended was not measured now: on a connection that is kept, instrumentation-undici records every
  // request in the context of the one that opened it.
  trace_based: (span) => span?.isRecording() === true && (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0,
  always_on: () => true,
  always_off: () => false,
};
