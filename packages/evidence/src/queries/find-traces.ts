import type { DatabaseSync } from 'node:sqlite';
import { storedId } from '../ids.ts';
import type { Evidence } from '../open.ts';
import { row, rows } from '../sql.ts';

/** What one span of a trace must be for the trace to be found; times and durations in microseconds. */
export interface TraceFilter {
  service?: string;
  /** Template, as in `http.route`. */
  route?: string;
  /** HTTP status code. */
  status?: number;
  /** Only spans whose status is an error. */
  error?: boolean;
  minDurationUs?: number;
  /** Spans that started at or after. */
  since?: number;
  /** Spans that started at or before. */
  until?: number;
  /** At most so many traces, 20 by default. */
  limit?: number;
}

export interface TraceSummary {
  traceId: string;
  /** Name and service of the root span, or of the earliest one when there is no root. */
  name: string;
  service: string;
  /** HTTP status code of that span. */
  status: number | null;
  startUs: number;
  /** From the start of the first span to the end of the last. */
  durationUs: number;
  spans: number;
  /** Spans whose status is an error. */
  errors: number;
  services: string[];
}

/** The traces that came last, newest first. */
export function findTraces({ db }: Pick<Evidence, 'db'>, filter: TraceFilter = {}): TraceSummary[] {
  return newestTraceIds(db, filter).map((traceId) => summarise(db, traceId));
}

/** Reads spans from the newest on and stops when there are enough traces, so that it need not sort all spans. */
function newestTraceIds(db: DatabaseSync, filter: TraceFilter): string[] {
  const { service, route, status, error, minDurationUs, since, until, limit = 20 } = filter;
  const conditions = {
    service: 'resource_id IN (SELECT id FROM resources WHERE service = :service)',
    route: 'route = :route',
    status: 'status_code = :status',
    minDurationUs: 'duration_us >= :minDurationUs',
    since: 'start_us >= :since',
    until: 'start_us <= :until',
  };
  const given = Object.entries({ service, route, status, minDurationUs, since, until }).filter(isGiven);
  const where = given.map(([name]) => conditions[name as keyof typeof conditions]);
  if (error) where.push('status = 2');

  const statement = db.prepare(
    `SELECT trace_id AS id FROM spans WHERE ${['true', ...where].join(' AND ')} ORDER BY spans.id DESC`,
  );
  const found = new Set<string>();
  for (const { id } of statement.iterate(Object.fromEntries(given))) {
    if (found.size >= limit) break;
    found.add(id instanceof Uint8Array ? Buffer.from(id).toString('hex') : String(id));
  }
  return [...found];
}

function isGiven(entry: [string, string | number | undefined]): entry is [string, string | number] {
  return entry[1] !== undefined;
}

function summarise(db: DatabaseSync, traceId: string): TraceSummary {
  const id = { traceId: storedId('trace', traceId) };
  const top = rows<Pick<TraceSummary, 'name' | 'service' | 'status'>>(
    db,
    `SELECT name, service, status_code AS status FROM spans JOIN resources ON resources.id = resource_id
     WHERE trace_id = :traceId ORDER BY parent_span_id IS NOT NULL, start_us LIMIT 1`,
    id,
  );
  const whole = row<Pick<TraceSummary, 'startUs' | 'durationUs' | 'spans' | 'errors'> & { services: string }>(
    db,
    `SELECT min(start_us) AS startUs, max(start_us + duration_us) - min(start_us) AS durationUs, count(*) AS spans,
       count(*) FILTER (WHERE status = 2) AS errors, json_group_array(DISTINCT service) AS services
     FROM spans JOIN resources ON resources.id = resource_id WHERE trace_id = :traceId`,
    id,
  );
  return { traceId, name: '', service: '', status: null, ...top[0], ...whole, services: JSON.parse(whole.services) };
}
