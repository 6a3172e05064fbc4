import type { DatabaseSync } from 'node:sqlite';
import { checks } from './checks/all.ts';
import { type Check, evictedUntil, type Window } from './checks/check.ts';
import type { Evidence } from './open.ts';
import { transaction } from './sql.ts';

export interface CheckOptions {
  /** Names of the checks to run; all by default. */
  only?: string[];
  /** The least share (0 to 1) per check name, instead of the check's own. */
  minimum?: Record<string, number>;
  /**
   * Only what happened from then on, in microseconds since the epoch. `request-counts` always covers the whole run,
   * because it compares cumulative counts.
   */
  since?: number;
  /** Only what happened until then: leaves out what is still on its way while services run. */
  until?: number;
}

export interface CheckResult {
  name: string;
  title: string;
  /** A check that found nothing to check does not hold. */
  status: 'holds' | 'falls-short' | 'nothing-to-check';
  checked: number;
  held: number;
  /** held / checked; 0 when nothing was checked. */
  rate: number;
  /** The least rate that holds. */
  minimum: number;
  /** Some of those that failed, with ids as hex and times in microseconds. */
  examples: object[];
  /** What points at evicted or unsampled traces, or has nothing to be compared with. Not in `checked`. */
  uncheckable: number;
  cause: string;
  fix: string;
}

/**
 * Runs the checks over the evidence, all on one state of it.
 *
 * @throws {RangeError} when `only` or `minimum` names no check, or a minimum is not between 0 and 1.
 */
export function runChecks({ db }: Pick<Evidence, 'db'>, options: CheckOptions = {}): CheckResult[] {
  const { only, minimum = {}, since = Number.MIN_SAFE_INTEGER, until = Number.MAX_SAFE_INTEGER } = options;
  refuseUnknown([...(only ?? []), ...Object.keys(minimum)]);
  for (const [name, least] of Object.entries(minimum)) {
    if (!(least >= 0 && least <= 1)) throw new RangeError(`minimum of ${name} is ${least}, not between 0 and 1`);
  }
  const chosen = checks.filter(({ name }) => !only || only.includes(name));
  return transaction(db, () => {
    const window = { since, until, evictedUntil: evictedUntil(db) };
    return chosen.map((check) => runCheck(db, check, window, minimum[check.name] ?? check.minimum));
  });
}

function runCheck(db: DatabaseSync, check: Check, window: Window, minimum: number): CheckResult {
  const { name, title, cause, fix } = check;
  const { held, failed, uncheckable, examples } = check.examine(db, window);
  const checked = held + failed;
  const rate = checked === 0 ? 0 : held / checked;
  const status = checked === 0 ? 'nothing-to-check' : rate >= minimum ? 'holds' : 'falls-short';
  return { name, title, status, checked, held, rate, minimum, examples, uncheckable, cause, fix };
}

function refuseUnknown(names: string[]): void {
  const known = checks.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`no check is called ${unknown}; there are ${known.join(', ')}`);
}
