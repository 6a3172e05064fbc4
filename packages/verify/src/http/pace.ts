import { setTimeout as sleep } from 'node:timers/promises';

/** Spaces requests evenly, so that a store sees at most `perSecond` of them. Each call waits for its turn. */
export function createPace(perSecond: number): () => Promise<void> {
  const gapMs = 1000 / perSecond;
  let next = 0;
  return async () => {
    const now = performance.now();
    const turn = Math.max(now, next);
    next = turn + gapMs;
    if (turn > now) await sleep(turn - now);
  };
}
