import type { CheckResult, GapSummary } from '@clew/evidence';

/** What `clew verify` found out. */
export interface Report {
  verdict: Verdict;
  /** What the checks looked at, in microseconds since the epoch; null where it is open. */
  window: { since: number | null; until: number | null };
  results: CheckResult[];
  /** What the evidence does not hold, and why. */
  gaps: GapSummary[];
  /** What was looked for and not found, and what may be why, when there was nothing at all. */
  nothing?: string;
  /** Why nothing was checked, if so: what could not be read, and what to do. */
  error?: string;
}

export type Verdict = 'holds' | 'falls-short' | 'could-not-check';

/** What a process ends with. */
export const exitCodes: Readonly<Record<Verdict, number>> = { holds: 0, 'falls-short': 1, 'could-not-check': 2 };

/** One check that falls short is worse news than one that found nothing to check; neither holds. */
export function verdictOf(results: CheckResult[]): Verdict {
  if (results.some(({ status }) => status === 'falls-short')) return 'falls-short';
  const all = results.length > 0 && results.every(({ status }) => status === 'holds');
  return all ? 'holds' : 'could-not-check';
}
