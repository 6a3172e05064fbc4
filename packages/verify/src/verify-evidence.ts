import { type CheckOptions, type CheckResult, type Evidence, listGaps, openEvidence, runChecks } from '@clew/evidence';
import { type Report, verdictOf } from './report.ts';
import { runJudgeable } from './run-judgeable.ts';

export interface VerifyOptions extends CheckOptions {
  /** Names of checks to leave out. */
  skip?: string[];
  /** Checks that cannot be run on this evidence, and why: they are reported as having nothing to check. */
  setAside?: Map<string, string>;
  /** Why the evidence has `temp.looked_up`: only what leads to a trace in it can be judged. */
  missing?: string;
}

/**
 * Runs the checks over evidence and says what they amount to: the end of every `clew verify`, whichever way the evidence
 * came, and of `npm start`.
 *
 * @param options those of `runChecks` (times in microseconds), `skip` and `setAside`.
 * @throws {RangeError} when an option names no check, or a minimum is not between 0 and 1.
 * @example
 * const report = verifyEvidence(evidence, { services: ['full-otel', 'prom-otel'] });
 * process.stdout.write(formatVerdict(report));
 * process.exitCode = exitCodes[report.verdict];
 */
export function verifyEvidence(evidence: Evidence, options: VerifyOptions = {}): Report {
  const { skip = [], setAside = new Map<string, string>(), only, missing, ...rest } = options;
  const templates = resultsOfNothing(rest);
  const unknown = [...(only ?? []), ...skip].find((name) => !templates.has(name));
  if (unknown !== undefined) {
    throw new RangeError(`no check is called ${unknown}; there are ${[...templates.keys()].join(', ')}`);
  }

  const names = [...templates.keys()].filter((name) => (only?.includes(name) ?? true) && !skip.includes(name));
  const run = { ...rest, only: names.filter((name) => !setAside.has(name)) };
  const ran = missing === undefined ? runChecks(evidence, run) : runJudgeable(evidence, run, missing);
  const byName = new Map(ran.map((result) => [result.name, result]));
  const results = [...templates.values()]
    .filter(({ name }) => names.includes(name))
    .map((template) => byName.get(template.name) ?? notRun(template, setAside.get(template.name) ?? ''));
  const { since = null, until = null } = rest;
  return { verdict: verdictOf(results), window: { since, until }, results, gaps: listGaps(evidence) };
}

/** Names of all checks, in the order of the report. */
export function checkNames(): string[] {
  return [...resultsOfNothing({}).keys()];
}

/** Every check by its name, as it answers when there is nothing to check. */
function resultsOfNothing({ minimum = {} }: CheckOptions): Map<string, CheckResult> {
  const nothing = openEvidence();
  try {
    return new Map(runChecks(nothing, { minimum }).map((result) => [result.name, result]));
  } finally {
    nothing.close();
  }
}

function notRun(template: CheckResult, reason: string): CheckResult {
  return { ...template, uncheckable: 1, reasons: { [reason]: 1 } };
}
