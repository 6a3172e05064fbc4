import { format } from 'node:util';
import { type AnyValue, context, logs, SeverityNumber, trace } from '@opentelemetry/api';
import { pino } from 'pino';
import './env.ts';
import { baggageAttributes } from './inbound.ts';
import { logFields } from './log-fields.ts';

const SEVERITIES: Record<number, SeverityNumber> = {
  10: SeverityNumber.TRACE,
  20: SeverityNumber.DEBUG,
  30: SeverityNumber.INFO,
  40: SeverityNumber.WARN,
  50: SeverityNumber.ERROR,
  60: SeverityNumber.FATAL,
};
const otlp = logs.getLogger('clew.log'); // finds the SDK's provider as soon as that has started
const toStdout = process.env.LOG_OUTPUT !== 'otlp';
const toOtlp = process.env.LOG_OUTPUT !== 'stdout';

// Asynchronous: a slow reader of stdout delays nothing. shutdown() flushes it.
export const stdout = pino.destination({ sync: false });

/**
 * The service's logger. A line goes to the Logs API from pino's `logMethod` hook, as an object: the usual transports
 * parse the JSON again, in a thread of their own. Lines outside a request (start, stop, fatal, the SDK's diagnostics)
 * also go to stdout, so that they are seen when the collector is not there.
 */
export const logger = pino(
  {
    level: process.env.LOG_LEVEL || 'info',
    base: null,
    formatters: { level: (level) => ({ level }), log: logFields },
    mixin: traceFields,
    hooks: {
      logMethod(args, method, level) {
        if (toOtlp) emit(args, level);
        if (toStdout || !trace.getActiveSpan()) method.apply(this, args);
      },
    },
  },
  stdout,
);

function emit(args: unknown[], level: number): void {
  const [first, ...rest] = args;
  const fields = typeof first === 'object' && first !== null ? first : undefined;
  const [message, ...values] = fields ? rest : args;
  const details = fields instanceof Error ? { err: fields } : fields;
  const attributes = (details ? logFields(details) : {}) as Record<string, AnyValue>;
  otlp.emit({
    severityNumber: SEVERITIES[level] ?? SeverityNumber.UNSPECIFIED,
    severityText: pino.levels.labels[level] ?? String(level),
    body: values.length > 0 ? format(message, ...values) : String(message ?? (fields as Error | undefined)?.message),
    attributes: Object.assign(attributes, baggageAttributes(context.active())),
  });
}

/** What ties a line on stdout to its trace. Over OTLP the ids are fields of the record itself. */
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
