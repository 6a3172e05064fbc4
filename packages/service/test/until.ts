import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition; fails after 10 s. */
export async function until(condition: () => boolean, what = String(condition)): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`it did not happen within 10 s: ${what}`);
    await delay(5);
  }
}
