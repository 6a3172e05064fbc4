import { context, TraceFlags, trace } from '@opentelemetry/api';
import { pino } from 'pino';
import './env.ts';
import { baggageAttributes } from './inbound.ts';
import { logLine } from './log-fields.ts';

// Asynchronous: a slow reader of stdout delays nothing. shutdown() flushes it, for which it needs a minLength: without one
// flush() calls back at once, and the chunk that is under way is lost. `dest: 1`, because reading `process.stdout.fd`
// makes a pipe non-blocking, and pino then waits 100 ms whenever it is full.
export const stdout = pino.destination({ dest: 1, sync: false, minLength: 1 });

/** The service's logger: one JSON object a line on stdout, with the ids that lead from the line to its trace. */
export const logger = pino(
  {
    level: process.env.LOG_LEVEL || 'info',
    base: null,
    formatters: { level: (level) => ({ level }) },
    hooks: {
      logMethod(args, method) {
        const [fields, message] = logLine(args);
        method.call(this, Object.assign(fields, traceFields()), message);
      },
    },
  },
  stdout,
);

function traceFields(): object {
  const active = context.active();
  const spanContext = trace.getSpanContext(active);
  if (!spanContext) return {};
  return {
    ...baggageAttributes(active),
    trace_id: spanContext.traceId,
    span_id: spanContext.spanId,
    trace_flags: spanContext.traceFlags & TraceFlags.SAMPLED ? '01' : '00',
  };
}
