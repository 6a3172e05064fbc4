import type { Evidence } from '../open.ts';
import type { GapRecord } from '../records.ts';
import { row, rows } from '../sql.ts';

/** Gaps of one kind, signal and reason, times in microseconds. */
export interface GapSummary extends Omit<GapRecord, 'timeUs'> {
  firstUs: number;
  lastUs: number;
}

interface Counts {
  spans: number;
  logs: number;
  points: number;
  exemplars: number;
}

export interface Summary {
  services: number;
  /** Since the store was made. */
  received: Counts;
  /** Now in the store. */
  held: Counts & { traces: number; series: number };
  /** What is not there, and why. */
  gaps: GapSummary[];
  /** What happened until then may have been evicted; 0 when nothing was. */
  evictedUntilUs: number;
  /** Size of what is in use. */
  bytes: number;
}

/** How much there is of everything. */
export function summary({ db, bytes }: Pick<Evidence, 'db' | 'bytes'>): Summary {
  const { services, evictedUntilUs, ...received } = row<Counts & { services: number; evictedUntilUs: number }>(
    db,
    `SELECT count(DISTINCT service) AS services, (SELECT evicted_until_us FROM watermark) AS evictedUntilUs,
       ifnull(sum(spans), 0) AS spans, ifnull(sum(logs), 0) AS logs, ifnull(sum(points), 0) AS points,
       ifnull(sum(exemplars), 0) AS exemplars
     FROM resources`,
  );
  const held = row<Summary['held']>(
    db,
    `SELECT (SELECT count(DISTINCT trace_id) FROM spans) AS traces, (SELECT count(*) FROM spans) AS spans,
       (SELECT count(*) FROM logs) AS logs, (SELECT count(*) FROM series) AS series,
       (SELECT count(*) FROM points) AS points, (SELECT count(*) FROM exemplars) AS exemplars`,
  );
  return { services, received, held, gaps: listGaps({ db }), evictedUntilUs, bytes: bytes() };
}

/** What the store does not hold, with the reasons. */
export function listGaps({ db }: Pick<Evidence, 'db'>): GapSummary[] {
  return rows<GapSummary>(
    db,
    'SELECT kind, signal, reason, count, first_us AS firstUs, last_us AS lastUs FROM gaps ORDER BY kind, signal, reason',
  );
}
