/** Keeps retries from multiplying the load on a peer that is in trouble. */
export interface RetryBudget {
  /** For each call, whatever becomes of it. */
  deposit(): void;
  /** Before each retry. @returns false when it may not be made. */
  withdraw(): boolean;
}

/**
 * A token bucket: a call puts in `share` of a token, a retry takes one out. It starts full.
 *
 * @param share Retries per call in the long run, 0 to 1; 0 allows none at all.
 * @param burst Retries that may be made beyond that, all at once.
 */
export function createRetryBudget(share: number, burst = 10): RetryBudget {
  const capacity = share === 0 ? 0 : burst;
  let tokens = capacity;
  return {
    deposit() {
      tokens = Math.min(capacity, tokens + share);
    },
    withdraw() {
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
