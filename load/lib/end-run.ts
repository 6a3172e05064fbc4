import exec from 'k6/execution';

/** Why a run cannot go on. */
class RunEnds extends Error {}

/** Ends the run. @param reason what is wrong, and what to do about it */
export function endRun(reason: string): never {
  throw new RunEnds(reason);
}

/**
 * Does what is to be there before the run. k6 hands a summary what setup returned, and nothing of an abort: so the reason
 * is returned, and the first iteration aborts.
 *
 * @returns why there is no run; null when there is one
 */
export function reasonNotToRun(setup: () => void): string | null {
  try {
    setup();
    return null;
  } catch (error) {
    if (error instanceof RunEnds) return error.message;
    throw error;
  }
}

/** Does a part of the run, unless there is none. */
export function partOfRun(notRun: string | null, part: () => void): void {
  const reason = notRun ?? reasonNotToRun(part);
  if (reason !== null) exec.test.abort(reason);
}
