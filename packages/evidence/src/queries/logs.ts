import type { DatabaseSync } from 'node:sqlite';
import { storedId } from '../ids.ts';
import type { Evidence } from '../open.ts';
import type { LogRecord } from '../records.ts';
import { type Parameters, rows } from '../sql.ts';

/** A log line with its service. */
export interface StoredLog extends Pick<LogRecord, 'timeUs' | 'body' | 'attributes' | 'source'> {
  service: string;
  level: string | null;
  traceId: string | null;
  spanId: string | null;
  traceFlags: number | null;
}

export interface LogFilter {
  service?: string;
  level?: string;
  /** At most so many lines, 100 by default. */
  limit?: number;
}

/**
 * The lines written in a trace, by time.
 *
 * @param traceId 32 lower-case hex digits.
 */
export function logsOfTrace({ db }: Pick<Evidence, 'db'>, traceId: string): StoredLog[] {
  return logs(db, 'WHERE trace_id = :traceId ORDER BY time_us, logs.id', { traceId: storedId('trace', traceId) });
}

/** The lines that came last, newest first. */
export function recentLogs({ db }: Pick<Evidence, 'db'>, filter: LogFilter = {}): StoredLog[] {
  const { service, level, limit = 100 } = filter;
  const where = [
    ...(service === undefined ? [] : ['resource_id IN (SELECT id FROM resources WHERE service = :service)']),
    ...(level === undefined ? [] : ['level = :level']),
  ];
  const condition = where.length > 0 ? `WHERE ${where.join(' AND ')}` : '';
  return logs(db, `${condition} ORDER BY logs.id DESC LIMIT :limit`, { service, level, limit });
}

function logs(db: DatabaseSync, rest: string, parameters: Parameters): StoredLog[] {
  const found = rows<Omit<StoredLog, 'attributes'> & { attributes: string }>(
    db,
    `SELECT time_us AS timeUs, service, level, body, trace_id AS traceId, span_id AS spanId, trace_flags AS traceFlags,
       source, logs.attributes
     FROM logs JOIN resources ON resources.id = resource_id ${rest}`,
    parameters,
  );
  return found.map((log) => ({ ...log, attributes: JSON.parse(log.attributes) }));
}
