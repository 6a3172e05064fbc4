import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits for a promise, but not for ever.
 *
 * @param ms Milliseconds.
 * @returns false when it has not settled by then. A rejection in time is passed on; a later one is nobody's business.
 */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = Symbol('late');
  promise.catch(() => {});
  try {
    return (await Promise.race([promise, delay(ms, late, { signal: timer.signal })])) !== late;
  } finally {
    timer.abort();
  }
}
