import {
  type CheckDescription,
  type CheckOptions,
  type CheckResult,
  type Evidence,
  isEmpty,
  listChecks,
  listGaps,
  runChecks,
} from '@clew/evidence';
import { type LookedIn, nothingFound } from './nothing-found.ts';
import { type Report, verdictOf } from './report.ts';
import { runJudgeable } from './run-judgeable.ts';

export interface VerifyOptions extends CheckOptions {
  /** Names of checks to leave out. */
  skip?: string[];
  /** Checks that cannot be run on this evidence, and why: they are reported as having nothing to check. */
  setAside?: Map<string, string>;
  /** Why the evidence has `temp.looked_up`: only what leads to a trace in it can be judged. */
  missing?: string;
  /** For the words of a report over evidence in which there is nothing. */
  lookedIn?: LookedIn;
}

/**
 * Runs the checks over evidence and says what they amount to: the end of every `clew verify`, whichever way the evidence
 * came, and of `npm start`.
 *
 * @param options those of `runChecks` (times in microseconds), `skip`, `setAside` and `lookedIn`.
 * @throws {RangeError} when an option names no check, or a minimum is not between 0 and 1.
 * @example
 * const report = verifyEvidence(evidence, { services: ['full-otel', 'prom-otel'] });
 * process.stdout.write(formatVerdict(report));
 * process.exitCode = exitCodes[report.verdict];
 */
export function verifyEvidence(evidence: Evidence, options: VerifyOptions = {}): Report {
  const { skip = [], setAside = new Map<string, string>(), only, missing, lookedIn, ...rest } = options;
  const unknown = [...(only ?? []), ...skip].find((name) => !checkNames().includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`no check is called ${unknown}; there are ${checkNames().join(', ')}`);
  }

  const chosen = chosenChecks({ skip, ...(only && { only }) });
  const names = chosen.map(({ name }) => name).filter((name) => !setAside.has(name));
  const run = { ...rest, only: names };
  const ran = missing === undefined ? runChecks(evidence, run) : runJudgeable(evidence, run, missing);
  const byName = new Map(ran.map((result) => [result.name, result]));
  const results = chosen.map(
    (check) => byName.get(check.name) ?? notRun(check, rest.minimum, setAside.get(check.name) ?? ''),
  );
  const { since = null, until = null } = rest;
  const report = { verdict: verdictOf(results), window: { since, until }, results, gaps: listGaps(evidence) };
  const noSubject = results.every(({ status }) => status === 'nothing-to-check');
  if (lookedIn === undefined || !noSubject || !isEmpty(evidence, rest)) return report;
  return { ...report, nothing: nothingFound(lookedIn, rest) };
}

/** Names of all checks, in the order of the report. */
export function checkNames(): string[] {
  return listChecks().map(({ name }) => name);
}

/** What `only` and `skip` leave of the checks. */
export function chosenChecks({ only, skip = [] }: Pick<VerifyOptions, 'only' | 'skip'>): CheckDescription[] {
  return listChecks().filter(({ name }) => (only?.includes(name) ?? true) && !skip.includes(name));
}

function notRun(check: CheckDescription, minimum: CheckOptions['minimum'], reason: string): CheckResult {
  const { name, title, cause, fix } = check;
  const least = minimum?.[name] ?? check.minimum;
  const nothing = { status: 'nothing-to-check' as const, checked: 0, held: 0, rate: 0, examples: [] };
  return { name, title, ...nothing, minimum: least, uncheckable: 1, reasons: { [reason]: 1 }, cause, fix };
}
