import type { DatabaseSync } from 'node:sqlite';
import { row, rows } from '../sql.ts';

/** One hop between signals and how it is proven. */
export interface Check {
  /** Short, for `--only` and tables. */
  name: string;
  /** What holds when it holds. */
  title: string;
  /** The least share of subjects, 0 to 1, for which it must hold. */
  minimum: number;
  /** What most often breaks it. */
  cause: string;
  /** What to do then. */
  fix: string;
  examine(db: DatabaseSync, window: Window): Findings;
}

/** Which subjects a check looks at, in microseconds. */
export interface Window {
  since: number;
  until: number;
  /** What happened until then may have been evicted. */
  evictedUntil: number;
}

export interface Findings {
  held: number;
  failed: number;
  /** Nothing can be said about these: evicted, or not sampled. */
  uncheckable: number;
  /** Of the failed ones, at most `EXAMPLES`. */
  examples: object[];
}

/** Enough to see a pattern. */
export const EXAMPLES = 10;

/** A service's log lines or spans that are late by less may belong to a trace that ended at the watermark. */
const LATE_US = 1_000_000;

/**
 * A check in SQL: one row per subject, with `outcome` ('held', 'failed' or 'uncheckable') and the columns that an
 * example shows. It may use `:since`, `:until` and `:evictedUntil`.
 */
export function bySql(subjects: string): Check['examine'] {
  return (db, window) => {
    const counts = { held: 0, failed: 0, uncheckable: 0 };
    const found = rows<{ outcome: keyof typeof counts; count: number }>(
      db,
      `SELECT outcome, count(*) AS count FROM (${subjects}) GROUP BY outcome`,
      { ...window },
    );
    for (const { outcome, count } of found) counts[outcome] = count;
    const examples = counts.failed > 0 ? failed(db, subjects, window) : [];
    return { ...counts, examples };
  };
}

/** Until when things may have been evicted; what happened shortly after may belong to them. */
export function evictedUntil(db: DatabaseSync): number {
  const { time } = row<{ time: number }>(db, 'SELECT evicted_until_us AS time FROM watermark');
  return time > 0 ? time + LATE_US : Number.MIN_SAFE_INTEGER;
}

function failed(db: DatabaseSync, subjects: string, window: Window): object[] {
  const found = rows<{ outcome?: string }>(
    db,
    `SELECT * FROM (${subjects}) WHERE outcome = 'failed' LIMIT ${EXAMPLES}`,
    { ...window },
  );
  for (const example of found) delete example.outcome;
  return found;
}
