import { type Evidence, openEvidence } from '@clew/evidence';
import { checkOptions } from './check-options.ts';
import type { VerifyCommand } from './cli/parse-verify.ts';
import type { Run } from './cli/run-verify.ts';
import { openLocal } from './readers/local.ts';
import type { Report } from './report.ts';
import { type VerifyOptions, verifyEvidence } from './verify-evidence.ts';

/** While services run, the two sides of a pair are exported at different times. */
const GRACE_US = 30_000_000;
/** Services that have not been asked for so long have exported what they counted. */
const SETTLED_US = 60_000_000;

/**
 * Checks the local backend's evidence, all of it unless times are given. Its file is only read: tallies, and what is to be
 * kept, go to a copy, in `run.folder` unless `--keep` says where.
 */
export async function verifyLocal(command: VerifyCommand, { folder, beforeChecks }: Run): Promise<Report> {
  const { backend, keep, tallies } = command;
  const { evidence: original, live } = await openLocal(backend || undefined);
  const copied = keep !== undefined || tallies.length > 0;
  const evidence = copied ? copyOf(original, keep ?? `${folder}/evidence.sqlite`) : original;
  try {
    if (tallies.length > 0) evidence.tally(tallies);
    beforeChecks();
    return verifyEvidence(evidence, localOptions(command, evidence, live));
  } finally {
    evidence.close();
  }
}

function copyOf(original: Evidence, file: string): Evidence {
  try {
    original.db.prepare('VACUUM INTO ?').run(file);
  } finally {
    original.close();
  }
  return openEvidence({ file });
}

function localOptions(command: VerifyCommand, evidence: Evidence, live: boolean): VerifyOptions {
  const { time } = command;
  const nowUs = Date.now() * 1000;
  const newest = nowUs - (time.grace ?? (live ? GRACE_US : 0));
  const until = Math.min(time.until ?? newest, newest);
  const since = time.since ?? (time.window === undefined ? undefined : until - time.window);
  const busy = live && nowUs - lastRequestUs(evidence) < SETTLED_US;
  const reason = `requests were still coming in: stop the load, verify ${SETTLED_US / 1e6} s later`;
  return {
    ...checkOptions(command),
    until,
    ...(since !== undefined && { since }),
    ...(busy && { setAside: new Map([['request-counts', reason]]) }),
  };
}

/** By the newest arrivals: there is no index on time. */
function lastRequestUs({ db }: Evidence): number {
  const newest = 'SELECT start_us FROM spans ORDER BY id DESC LIMIT 1000';
  return Number(db.prepare(`SELECT max(start_us) AS us FROM (${newest})`).get()?.us ?? 0);
}
