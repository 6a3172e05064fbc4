import type { DatabaseSync } from 'node:sqlite';
import { checks } from './checks/all.ts';
import type { Check } from './checks/check.ts';
import { type Scope, type ScopeOptions, scopeOf } from './checks/scope.ts';
import type { Evidence } from './open.ts';
import { transaction } from './sql.ts';

export interface CheckOptions extends ScopeOptions {
  /** Names of the checks to run; all by default. */
  only?: string[];
  /** The least share (0 to 1) per check name, instead of the check's own. */
  minimum?: Record<string, number>;
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
  /** How many are uncheckable, by reason. */
  reasons: Record<string, number>;
  cause: string;
  fix: string;
}

/** What a check is, without running it. */
export type CheckDescription = Omit<Check, 'examine'>;

/** Every check there is, in the order of the report. */
export function listChecks(): CheckDescription[] {
  return checks.map(({ examine: _examine, ...described }) => described);
}

/**
 * Runs the checks over the evidence, all on one state of it.
 *
 * @throws {RangeError} when `only` or `minimum` names no check, or a minimum is not between 0 and 1.
 */
export function runChecks({ db }: Pick<Evidence, 'db'>, options: CheckOptions = {}): CheckResult[] {
  const { only, minimum = {} } = options;
  refuseUnknown([...(only ?? []), ...Object.keys(minimum)]);
  for (const [name, least] of Object.entries(minimum)) {
    if (!(least >= 0 && least <= 1)) throw new RangeError(`minimum of ${name} is ${least}, not between 0 and 1`);
  }
  const wanted = checks.filter(({ name }) => !only || only.includes(name));
  return transaction(db, () => {
    const scope = scopeOf(db, options);
    return wanted.map((check) => runCheck(db, check, scope, minimum[check.name] ?? check.minimum));
  });
}

function runCheck(db: DatabaseSync, check: Check, scope: Scope, minimum: number): CheckResult {
  const { name, title, cause, fix } = check;
  const { held, failed, uncheckable: reasons, examples } = check.examine(db, scope);
  const checked = held + failed;
  const rate = checked === 0 ? 0 : held / checked;
  const status = checked === 0 ? 'nothing-to-check' : rate >= minimum ? 'holds' : 'falls-short';
  const uncheckable = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  return { name, title, status, checked, held, rate, minimum, examples, uncheckable, reasons, cause, fix };
}

function refuseUnknown(names: string[]): void {
  const known = checks.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`no check is called ${unknown}; there are ${known.join(', ')}`);
}
