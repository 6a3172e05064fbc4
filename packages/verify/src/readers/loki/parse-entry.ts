import type { Attributes, LogRecord } from '@clew/evidence';
import { type Message, nanosToUs } from '../../json.ts';
import { isResourceLabel, resourceOfLabels } from '../resource.ts';
import { attributeName } from './attribute-name.ts';

/** What Loki's OTLP endpoint adds to a log record's own attributes. */
const OTLP_FIELDS = ['observed_timestamp', 'severity_number', 'severity_text', 'flags', 'scope_name', 'scope_version'];
/** What Loki finds out by itself. */
const DERIVED = ['detected_level', '__error__', '__error_details__'];
const IDS = ['trace_id', 'span_id', 'trace_flags'];
const NO_ATTRIBUTES = new Set([...OTLP_FIELDS, ...DERIVED, ...IDS]);
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

export interface Entry {
  attributes: Attributes;
  log: LogRecord;
}

/**
 * One line with its stream's labels and its structured metadata, whichever way it came: as OTLP, body and metadata, or as
 * a line of pino's JSON from a service's stdout.
 */
export function parseEntry(
  nanos: string,
  line: string,
  labels: Record<string, string>,
  metadata: Record<string, string>,
): Entry {
  const all = { ...labels, ...metadata };
  const attributes = resourceOfLabels(all);
  const timeUs = nanosToUs(nanos);
  const otlp = 'observed_timestamp' in all || 'severity_number' in all || 'scope_name' in all;
  const json = otlp ? undefined : parseObject(line);
  return { attributes, log: json ? pinoLine(timeUs, line, json, all) : plainLine(timeUs, line, all, otlp) };
}

function pinoLine(timeUs: number, line: string, json: Message, all: Record<string, string>): LogRecord {
  const { level, time: _time, msg, trace_id: ownTrace, span_id: ownSpan, trace_flags: ownFlags, ...attributes } = json;
  // The ids that Grafana follows are those of the metadata; where the pipeline sets none, the line's own count.
  return {
    timeUs,
    body: typeof msg === 'string' ? msg : line,
    attributes,
    source: 'stdout',
    ...levelOf(typeof level === 'number' ? LEVELS[Math.floor(level / 10) - 1] : level),
    ...ids(all.trace_id ?? ownTrace, all.span_id ?? ownSpan, all.trace_flags ?? ownFlags, 16),
  };
}

function plainLine(timeUs: number, line: string, all: Record<string, string>, otlp: boolean): LogRecord {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(all)) {
    if (!NO_ATTRIBUTES.has(name) && !isResourceLabel(name)) attributes[attributeName(name)] = value;
  }
  // Loki leaves out flags that are zero: no flags are those of a trace that is not sampled, or of a sender that has none.
  const flags = otlp ? (all.flags ?? (all.trace_id ? '0' : undefined)) : undefined;
  return {
    timeUs,
    body: line,
    attributes,
    source: otlp ? 'otlp' : 'stdout',
    ...levelOf(all.severity_text ?? all.level ?? all.detected_level),
    ...ids(all.trace_id, all.span_id, flags, 10),
  };
}

function ids(traceId: unknown, spanId: unknown, flags: unknown, radix: number): Partial<LogRecord> {
  const number = typeof flags === 'string' ? Number.parseInt(flags, radix) : flags;
  return {
    ...(typeof traceId === 'string' && traceId !== '' && { traceId }),
    ...(typeof spanId === 'string' && spanId !== '' && { spanId }),
    ...(typeof number === 'number' && Number.isInteger(number) && { traceFlags: number & 0xff }),
  };
}

function levelOf(level: unknown): Pick<LogRecord, 'level'> {
  const word = typeof level === 'string' ? level.toLowerCase() : '';
  return LEVELS.includes(word) ? { level: word } : {};
}

function parseObject(line: string): Message | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line); // with a { in front it is an object, or an error
  } catch {
    return undefined;
  }
}
