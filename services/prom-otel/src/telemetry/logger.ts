import { context, trace } from '@opentelemetry/api';
import { pino } from 'pino';
import './env.ts';
import { baggageAttributes } from './inbound.ts';
import { logFields } from './log-fields.ts';

// Asynchronous: a slow reader of stdout delays nothing. shutdown() flushes it.
export const stdout = pino.destination({ sync: false });

/** The service's logger: one JSON object a line on stdout, with the ids that lead from the line to its trace. */
export const logger = pino(
  {
    level: process.env.LOG_LEVEL || 'info',
    base: null,
    formatters: { level: (level) => ({ level }), log: logFields },
    mixin: traceFields,
  },
  stdout,
);

function traceFields(): object {
  const spanContext = trace.getActiveSpan()?.spanContext();
  if (!spanContext) return {};
  return {
    ...baggageAttributes(context.active()),
    trace_id: spanContext.traceId,
    span_id: spanContext.spanId,
    trace_flags: spanContext.traceFlags.toString(16).padStart(2, '0'),
  };
}
