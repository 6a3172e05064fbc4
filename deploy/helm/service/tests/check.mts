import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 500;

export interface Check {
  /** What is looked at. */
  name: string;
  /** Says what was found, or throws what is wrong. */
  look: () => Promise<string>;
}

/** What is wrong, and what to do about it. */
export function problem(wrong: string, advice: string): Error {
  return new Error(`${wrong}\n        ${advice}`);
}

/** Looks at everything, again and again for so long, and prints what came of it; true when all of it holds. */
export async function report(of: string, checks: Check[], waitSeconds: number): Promise<boolean> {
  const until = performance.now() + 1000 * waitSeconds;
  console.log(`\n${of}`);
  let failed = 0;
  for (const check of checks) {
    if (!(await holds(check, until))) failed += 1;
  }
  console.log(failed === 0 ? `all ${checks.length} hold` : `${failed} of ${checks.length} failed`);
  return failed === 0;
}

/** What is late may still come; when the time is over each is asked once more. */
async function holds({ name, look }: Check, until: number): Promise<boolean> {
  for (;;) {
    try {
      console.log(`  ok    ${name}: ${await look()}`);
      return true;
    } catch (error) {
      if (performance.now() >= until) {
        console.log(`  FAIL  ${name}: ${error instanceof Error ? error.message : error}`);
        return false;
      }
    }
    await delay(PAUSE_MS);
  }
}
