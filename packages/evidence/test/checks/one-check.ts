import { type CheckOptions, type CheckResult, type Evidence, runChecks } from '../../src/index.ts';

/** The result of one check, over evidence that is closed then. */
export function resultOf(name: string, evidence: Evidence, options: CheckOptions = {}): CheckResult {
  const [result] = runChecks(evidence, { ...options, only: [name] });
  evidence.close();
  if (!result) throw new Error(`no result of ${name}`);
  return result;
}
