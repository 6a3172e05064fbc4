import { context, TraceFlags, trace } from '@opentelemetry/api';
import { pino } from 'pino';
import './env.ts';
import { baggageAttributes } from './inbound.ts';
import { logLine } from './log-fields.ts';

// Asynchronous: a slow reader of stdout delays nothing. shutdown() flushes it.
export const stdout = pino.destination({ sync: false });

/** The service's logger: one JSON object a line on stdout, with the ids that lead from the line to its trace. */
export const logger = pino(
  {
    level: process.env.LOG_LEVEL || 'info',
    base: null,
    formatters: { level: (level) => ({ level }) },
    mixin: traceFields,
    hooks: {
      logMethod(args, method) {
        method.apply(this, logLine(args));
      },
    },
  },
  stdout,
);

function traceFields(): object {
  const active = context.active();
  const spanContext = trace.getSpanContext(active);
  if (!spanContext) return {};
  const fields = baggageAttributes(active);
  fields.trace_id = spanContext.traceId;
  fields.span_id = spanContext.spanId;
  fields.trace_flags = spanContext.traceFlags & TraceFlags.SAMPLED ? '01' : '00';
  return fields;
}
