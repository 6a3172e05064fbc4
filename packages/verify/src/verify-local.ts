import { type Evidence, openEvidence } from '@clew/evidence';
import { assertTimeLeft } from './assert-time-left.ts';
import { checkOptions } from './check-options.ts';
import type { VerifyCommand } from './cli/parse-verify.ts';
import type { Run } from './cli/run-verify.ts';
import type { LookedIn } from './nothing-found.ts';
import { LOCAL_URL, openLocal } from './readers/local.ts';
import type { Report } from './report.ts';
import { type VerifyOptions, verifyEvidence } from './verify-evidence.ts';

/** While services run, the two sides of a pair are exported at different times. */
const GRACE_US = 30_000_000;
/** Services that have not been asked for so long have exported what they counted. */
const SETTLED_US = 60_000_000;

const BUSY = `requests were still coming in: stop the load, verify ${SETTLED_US / 1e6} s later`;
const CUT =
  'requests are counted for the whole run: give times that hold all of it (--since, --until, --window, --grace), or none';

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
  const window = windowOf(command, live);
  const reason = whyNotCounted(evidence, window, live);
  return {
    ...checkOptions(command),
    ...window,
    ...(reason !== undefined && { setAside: new Map([['request-counts', reason]]) }),
    lookedIn: lookedIn(command, live),
  };
}

function graceOf({ time }: VerifyCommand, live: boolean): number {
  return time.grace ?? (live ? GRACE_US : 0);
}

/** A file that nobody writes is read to its end, unless a time is given. */
function windowOf(command: VerifyCommand, live: boolean): { since?: number; until?: number } {
  const { since, until, window } = command.time;
  const grace = graceOf(command, live);
  const newest = Date.now() * 1000 - grace;
  const end = Math.min(until ?? newest, newest);
  const begin = since ?? (window === undefined ? undefined : end - window);
  if (begin !== undefined) assertTimeLeft({ since: begin, until: end, grace });
  return {
    ...(begin !== undefined && { since: begin }),
    ...((grace > 0 || until !== undefined) && { until: end }),
  };
}

function whyNotCounted(
  { db }: Evidence,
  { since = 0, until = Number.MAX_SAFE_INTEGER }: { since?: number; until?: number },
  live: boolean,
): string | undefined {
  // By arrival: there is no index on time. When the first requests were is not known when they were evicted.
  const arrived = (order: string) => `(SELECT start_us FROM spans ORDER BY id ${order} LIMIT 1000)`;
  const times = `SELECT (SELECT min(start_us) FROM ${arrived('ASC')} WHERE evicted_until_us = 0) AS first,
    (SELECT max(start_us) FROM ${arrived('DESC')}) AS last FROM watermark`;
  const found = db.prepare(times).get();
  const [first, last] = [Number(found?.first ?? 0), Number(found?.last ?? 0)];
  if (live && Date.now() * 1000 - last < SETTLED_US) return BUSY;
  return first < since || last > until ? CUT : undefined;
}

function lookedIn(command: VerifyCommand, live: boolean): LookedIn {
  const { backend, time, scope } = command;
  const grace = graceOf(command, live);
  const timed = time.since !== undefined || time.until !== undefined || time.window !== undefined;
  const named = scope.namespace !== undefined || scope.services.length > 0;
  return {
    where: backend || LOCAL_URL,
    causes: [
      `nothing was sent${grace > 0 ? `, or only in the last ${grace / 1e6} s (--grace)` : ''}`,
      ...(timed ? ['it was sent at another time (--since, --until, --window)'] : []),
      ...(named ? ['the services have other names (--service, --namespace)'] : []),
    ],
  };
}
