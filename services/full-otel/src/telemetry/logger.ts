import { type AnyValue, context, INVALID_TRACEID, logs, SeverityNumber, TraceFlags, trace } from '@opentelemetry/api';
import { pino } from 'pino';
import './env.ts';
import { baggageAttributes } from './inbound.ts';
import { logLine } from './log-fields.ts';
import { stdout } from './stdout.ts';

const SEVERITIES: Record<number, SeverityNumber> = {
  10: SeverityNumber.TRACE,
  20: SeverityNumber.DEBUG,
  30: SeverityNumber.INFO,
  40: SeverityNumber.WARN,
  50: SeverityNumber.ERROR,
  60: SeverityNumber.FATAL,
};
const FATAL = 60;
const otlp = logs.getLogger('clew.log'); // finds the SDK's provider as soon as that has started
const toStdout = process.env.LOG_OUTPUT !== 'otlp';
const toOtlp = process.env.LOG_OUTPUT !== 'stdout';

/**
 * The service's logger. LOG_OUTPUT says where its lines go: `stdout`, with the ids that lead from the line to its trace;
 * `otlp`, to the Logs API from pino's `logMethod` hook, as objects (the usual transports parse the JSON again, in a
 * thread of their own); or `both`. Lines outside a request (start, stop, the SDK's diagnostics) always go to stdout, so
 * that they are seen when the collector is not there, and fatal ones to stderr.
 */
export const logger = pino(
  {
    level: process.env.LOG_LEVEL || 'info',
    base: null,
    formatters: { level: (level) => ({ level }) },
    hooks: {
      logMethod(args, method, level) {
        const [fields, message] = logLine(args);
        if (toOtlp) emit(fields, message, level);
        if (level === FATAL) writeFatal(message, withTrace(fields));
        else if (toStdout || !trace.getActiveSpan()) method.call(this, withTrace(fields), message);
      },
    },
  },
  stdout,
);

function emit(fields: object, body: string, level: number): void {
  otlp.emit({
    severityNumber: SEVERITIES[level] ?? SeverityNumber.UNSPECIFIED,
    severityText: pino.levels.labels[level] ?? String(level),
    body,
    attributes: Object.assign(fields, baggageAttributes(context.active())) as Record<string, AnyValue>,
  });
}

/** At once: the process is about to end, and stdout is written in the background. */
function writeFatal(msg: string, fields: object): void {
  process.stderr.write(`${JSON.stringify({ level: 'fatal', time: Date.now(), ...fields, msg })}\n`);
}

/** Adds what ties a line on stdout to its trace. Over OTLP the ids are fields of the record itself. */
function withTrace(fields: Record<string, unknown>): object {
  const active = context.active();
  const spanContext = trace.getSpanContext(active);
  // Without traces there are no ids, or zeros. Others were checked when they came: isSpanContextValid reads every digit.
  if (!spanContext || spanContext.traceId === INVALID_TRACEID) return fields;
  fields.trace_id = spanContext.traceId;
  fields.span_id = spanContext.spanId;
  fields.trace_flags = spanContext.traceFlags & TraceFlags.SAMPLED ? '01' : '00';
  return Object.assign(fields, baggageAttributes(active));
}
