import { hexDigits, type Random } from './random.ts';

/** What a request tells the service about where it comes from. */
export interface TraceContext {
  headers: Record<string, string>;
  /** Of the client's own span, with `traceparent` and `spans`. */
  traceId?: string;
  spanId?: string;
}

interface Run {
  runId: string;
  scenario: string;
  traces: 'baggage' | 'traceparent' | 'spans';
}

/**
 * The headers of a request. Baggage puts run id and scenario on the spans and completion lines of the services. A
 * `traceparent` whose span nobody exports leaves every trace without its root, so it is only sent on demand.
 *
 * https://www.w3.org/TR/baggage/, https://www.w3.org/TR/trace-context/
 */
export function traceContext({ runId, scenario, traces }: Run, random: Random): TraceContext {
  const baggage = `test.run.id=${runId},test.scenario=${scenario},synthetic=true`;
  if (traces === 'baggage') return { headers: { baggage } };
  const traceId = hexDigits(random, 32);
  const spanId = hexDigits(random, 16);
  return { headers: { baggage, traceparent: `00-${traceId}-${spanId}-01` }, traceId, spanId };
}

/** The trace of an answer, which the services tell with `EXPOSE_TRACE_ID=true`. @throws when they do not. */
export function traceIdOf(headers: Record<string, string>): string {
  const [, traceId] = /traceparent;desc="00-([0-9a-f]{32})/.exec(headers['Server-Timing'] ?? '') ?? [];
  if (traceId !== undefined) return traceId;
  throw new Error('the services do not tell their trace ids: start them with EXPOSE_TRACE_ID=true');
}
