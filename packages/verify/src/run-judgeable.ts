import { type CheckOptions, type CheckResult, type Evidence, runChecks } from '@clew/evidence';
import { withoutMissing } from './collect/looked-up.ts';

/** For these a trace that is not in the evidence is a trace that there is not. */
const ASK_FOR_TRACES = ['exemplar-trace', 'log-trace'];

/** Runs checks over evidence for which not every trace was looked up: what leads to another one is uncheckable. */
export function runJudgeable(
  evidence: Evidence,
  options: CheckOptions & { only: string[] },
  reason: string,
): CheckResult[] {
  const only = options.only.filter((name) => ASK_FOR_TRACES.includes(name));
  const judged = withoutMissing(evidence, () => runChecks(evidence, { ...options, only }));
  const byName = new Map(judged.map((result) => [result.name, result]));
  return runChecks(evidence, options).map((all) => {
    const some = byName.get(all.name);
    if (some === undefined) return all;
    const left = all.checked + all.uncheckable - some.checked - some.uncheckable;
    if (left === 0) return some;
    return { ...some, uncheckable: some.uncheckable + left, reasons: { ...some.reasons, [reason]: left } };
  });
}
