import type { LogRecord } from '@clew/evidence';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/**
 * A line of a service's stdout as a log record. A JSON object is read as pino writes it: `level` (a word, or pino's
 * number), `time` (epoch milliseconds or ISO 8601), `msg`, `trace_id`, `span_id`, `trace_flags` (hex); the rest are
 * attributes. Every other line is its body, without a level. `nowUs` is the time of a line that has none.
 */
export function parseLine(line: string, nowUs: number): LogRecord {
  const object = parseObject(line);
  if (object === undefined) return { timeUs: nowUs, body: line, attributes: {}, source: 'stdout' };
  const { level, time, msg, trace_id: traceId, span_id: spanId, trace_flags: traceFlags, ...attributes } = object;
  const word = levelOf(level);
  const flags = typeof traceFlags === 'string' ? Number.parseInt(traceFlags, 16) : traceFlags;
  return {
    timeUs: timeOf(time) ?? nowUs,
    body: typeof msg === 'string' ? msg : line,
    attributes,
    source: 'stdout',
    ...(word !== undefined && { level: word }),
    ...(typeof traceId === 'string' && traceId !== '' && { traceId }),
    ...(typeof spanId === 'string' && spanId !== '' && { spanId }),
    ...(typeof flags === 'number' && Number.isInteger(flags) && { traceFlags: flags & 0xff }),
  };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line); // with a { in front it is an object, or an error
  } catch {
    return undefined;
  }
}

/** pino's numbers are 10 for trace to 60 for fatal. */
function levelOf(level: unknown): string | undefined {
  if (typeof level === 'number') return levels[Math.floor(level / 10) - 1];
  const word = typeof level === 'string' ? level.toLowerCase() : '';
  return levels.includes(word) ? word : undefined;
}

function timeOf(time: unknown): number | undefined {
  const ms = typeof time === 'string' ? Date.parse(time) : time;
  return typeof ms === 'number' && Number.isFinite(ms) ? Math.round(ms * 1000) : undefined;
}
