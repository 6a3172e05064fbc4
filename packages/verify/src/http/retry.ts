const LONGEST_MS = 30_000;
const FIRST_MS = 250;

/** How often a request is tried in all. */
export const ATTEMPTS = 5;

/** Answers after which the same request may succeed: too fast, or a gateway whose store is restarting. */
export function worthRetrying(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

/**
 * Milliseconds to wait before the next try: what `Retry-After` says (seconds, or a date; RFC 9110 10.2.3), else twice as
 * long each time; 30 s at most, and never all clients at once.
 */
export function retryDelayMs(attempt: number, retryAfter: string | undefined, now = Date.now()): number {
  const said = retryAfter === undefined ? Number.NaN : afterMs(retryAfter, now);
  if (said >= 0) return Math.min(said, LONGEST_MS);
  return Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS) * (0.5 + Math.random() / 2);
}

function afterMs(retryAfter: string, now: number): number {
  if (/^\d+$/.test(retryAfter.trim())) return Number(retryAfter) * 1000;
  return Math.max(Date.parse(retryAfter) - now, 0);
}
