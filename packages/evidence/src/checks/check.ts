import type { DatabaseSync } from 'node:sqlite';
import { iterate, rows } from '../sql.ts';
import { exampleOf } from './example.ts';
import type { Signal } from './same-process.ts';
import type { Scope } from './scope.ts';

/** One hop between signals and how it is proven. */
export interface Check {
  /** Short, for `--only` and tables. */
  name: string;
  /** What holds when it holds. */
  title: string;
  /** What it reads. */
  signals: readonly Signal[];
  /** The least share of subjects, 0 to 1, for which it must hold. */
  minimum: number;
  /** What most often breaks it. */
  cause: string;
  /** What to do then. */
  fix: string;
  examine(db: DatabaseSync, scope: Scope): Findings;
}

export interface Findings {
  held: number;
  failed: number;
  /** How many nothing can be said about, by reason. */
  uncheckable: Record<string, number>;
  /** Of the failed ones, at most `EXAMPLES`. */
  examples: object[];
}

/** 'held', 'failed', or why nothing can be said about a subject ('evicted', 'not sampled', ...). */
export type Outcome = string;

/** Enough to see a pattern. */
export const EXAMPLES = 10;

/**
 * A check in SQL: one row per subject, with `outcome` ('held', 'failed', or why it is uncheckable) and the columns that
 * an example shows. It may use what is in `Scope` as parameters.
 */
export function bySql(subjects: string): Check['examine'] {
  return (db, scope) => {
    const findings = noFindings();
    const counts = rows<{ outcome: Outcome; count: number }>(
      db,
      `SELECT outcome, count(*) AS count FROM (${subjects}) GROUP BY outcome`,
      scope.parameters,
    );
    for (const { outcome, count } of counts) add(findings, outcome, count);
    if (findings.failed > 0) {
      const failed = `SELECT * FROM (${subjects}) WHERE outcome = 'failed' LIMIT ${EXAMPLES}`;
      findings.examples = [...iterate<object>(db, failed, scope.parameters)].map(exampleOf);
    }
    return findings;
  };
}

/** The same for subjects that SQL alone cannot judge: `judge` adds an outcome, and more columns, to each row. */
export function byRow<Row extends object>(
  subjects: string,
  judge: (row: Row) => { outcome: Outcome } & object,
): Check['examine'] {
  return (db, scope) => {
    const findings = noFindings();
    for (const row of iterate<Row>(db, subjects, scope.parameters)) {
      const judged = judge(row);
      addSubject(findings, judged.outcome, () => judged);
    }
    return findings;
  };
}

export function noFindings(): Findings {
  return { held: 0, failed: 0, uncheckable: {}, examples: [] };
}

/** Counts a subject; `example` is asked for, and shown without secrets, when it failed and examples are wanted. */
export function addSubject(findings: Findings, outcome: Outcome, example: () => object): void {
  add(findings, outcome, 1);
  if (outcome === 'failed' && findings.examples.length < EXAMPLES) findings.examples.push(exampleOf(example()));
}

/** Counts `count` subjects. */
export function add(findings: Findings, outcome: Outcome, count: number): void {
  if (outcome === 'held') findings.held += count;
  else if (outcome === 'failed') findings.failed += count;
  else findings.uncheckable[outcome] = (findings.uncheckable[outcome] ?? 0) + count;
}
