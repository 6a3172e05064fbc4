import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { findK6, howToGetK6 } from '../../load/runner/find-k6.ts';

const TRIES = 3;
const RUNNER = `${import.meta.dirname}/../../load/run.ts`;

/** Why the tests with k6 are left out; false when they are not. */
export const leftOut = findK6() === undefined && process.env.E2E_ALLOW_MISSING === '1' && `left out: ${howToGetK6}`;

/** As load/lib/summary.ts writes it. */
export interface Summary {
  runId: string;
  durationMs: number;
  requests: { service: string; method: string; route: string; status: number; count: number }[];
  refused: number;
  uncounted: number;
  thresholds: { metric: string; expression: string; ok: boolean; value?: number }[];
}

export interface Played {
  code: number | null;
  output: string;
  /** Undefined when k6 did not get that far. */
  summary: Summary | undefined;
  summaryFile: string;
  /** Thresholds that did not hold, as `metric expression`. */
  missed: string[];
}

/** Of one scenario, one after another. */
export interface Plays {
  judged: Played;
  /** With those that were played again. */
  all: Played[];
}

/** Runs a scenario with the runner of load/, at the fast pace, and waits for its end. */
export async function play(t: TestContext, args: string[], env: Record<string, string>): Promise<Played> {
  assert.ok(findK6() !== undefined, `${howToGetK6}; E2E_ALLOW_MISSING=1 leaves these tests out`);
  const folder = mkdtempSync(join(tmpdir(), 'clew-load-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [RUNNER, '--pace', 'fast', '--summary', folder, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, code] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ]);
  const summaryFile = join(folder, 'summary.json');
  const summary = readSummary(summaryFile);
  const missed = summary?.thresholds.filter(({ ok }) => !ok) ?? [];
  return {
    code,
    output: `${stdout.join('')}${stderr.join('')}`,
    summary,
    summaryFile,
    missed: missed.map(({ metric, expression, value }) => `${metric} ${expression} (${value})`),
  };
}

/**
 * Plays until nothing is missed that a machine which stands still explains: time, iterations for which no user was left,
 * or a 503 of the overload protection, which no fault gives. At most three times, so that what is slow each time is found.
 *
 * @param looks thresholds that are to be missed
 */
export async function playCalm(
  t: TestContext,
  args: string[],
  env: Record<string, string>,
  looks: RegExp[] = [],
): Promise<Plays> {
  const all: Played[] = [];
  for (;;) {
    const judged = await play(t, args, env);
    all.push(judged);
    const unexpected = judged.missed.filter((missed) => !looks.some((look) => look.test(missed)));
    if (!stoodStill(judged, unexpected) || all.length === TRIES) return { judged, all };
    t.diagnostic(`played again, the machine may have stood still: ${unexpected.join(', ')}`);
  }
}

function stoodStill({ summary }: Played, missed: string[]): boolean {
  const overloaded = summary?.requests.some(({ status, count }) => status === 503 && count > 0);
  return missed.length > 0 && (overloaded === true || missed.every((one) => /_duration\{.* \S*<|^dropped_/.test(one)));
}

function readSummary(file: string): Summary | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Summary;
  } catch {
    return undefined;
  }
}
