import { setTimeout as delay } from 'node:timers/promises';

const TIMEOUT_MS = 20_000;

/**
 * Waits until `condition` returns something that is neither false nor undefined, and returns it.
 *
 * @throws after `timeoutMs`, 20 s by default, with `what` and the last error of `condition`
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  what = String(condition),
  timeoutMs = TIMEOUT_MS,
): Promise<Exclude<T, false | undefined>> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const found = await condition();
    if (found !== false && found !== undefined) return found as Exclude<T, false | undefined>; // just compared
    if (performance.now() > until) throw new Error(`waited ${timeoutMs / 1000} s for: ${what}`);
    await delay(20);
  }
}
