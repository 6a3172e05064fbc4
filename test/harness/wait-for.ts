import { setTimeout as delay } from 'node:timers/promises';

const TIMEOUT_MS = 20_000;

/**
 * Waits until `condition` returns something that is neither false nor undefined, and returns it.
 *
 * @throws after 20 s, with `what` and the last error of `condition`
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  what = String(condition),
): Promise<Exclude<T, false | undefined>> {
  const until = performance.now() + TIMEOUT_MS;
  for (;;) {
    const found = await condition();
    if (found !== false && found !== undefined) return found as Exclude<T, false | undefined>; // just compared
    if (performance.now() > until) throw new Error(`waited ${TIMEOUT_MS / 1000} s for: ${what}`);
    await delay(20);
  }
}
