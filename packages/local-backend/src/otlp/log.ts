import type { LogRecord } from '@clew/evidence';
import { type Received, tallyReason } from './received.ts';
import { storable } from './time.ts';

/** Takes a log record into a batch unless the store cannot hold it. */
export function acceptLog(log: LogRecord, logs: LogRecord[], received: Received): void {
  // protobuf leaves out a zero, so that in a trace no flags are those of a trace that is not sampled.
  if (log.traceId !== undefined) log.traceFlags ??= 0;
  if (!storable(log.timeUs)) {
    tallyReason(received.refused, 'log record with a time after the year 2255');
  } else {
    logs.push(log);
    received.accepted++;
  }
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/**
 * The level of a log record: from its severity number (1 to 24, four to a level), else from a severity text that names
 * one. https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber
 */
export function levelOf(severityNumber: number, severityText: string): string | undefined {
  const byNumber = levels[Math.ceil(severityNumber / 4) - 1];
  if (byNumber !== undefined) return byNumber;
  const text = severityText.toLowerCase();
  return levels.includes(text) ? text : undefined;
}

/** The body as text: a string as it is, everything else as JSON. */
export function bodyText(body: unknown): string {
  if (body === undefined || body === null) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
