import { StoreError } from '../../http/store-error.ts';
import type { Window } from '../reader.ts';

const SLICE_US = 600_000_000;
const SHORTEST_US = 1_000_000;

/**
 * Asks for a window in slices by time, so that no answer is larger than memory, and for the halves of one whose answer is
 * too large for the store or for us.
 *
 * @throws {StoreError} when the answer for a second is too large.
 */
export async function* inSlices<Answer>(
  { sinceUs, untilUs }: Window,
  ask: (slice: Window) => Promise<Answer>,
): AsyncGenerator<{ slice: Window; answer: Answer }> {
  for (let start = sinceUs; start < untilUs; start += SLICE_US) {
    const parts: Window[] = [{ sinceUs: start, untilUs: Math.min(start + SLICE_US, untilUs) }];
    for (let slice = parts.pop(); slice !== undefined; slice = parts.pop()) {
      const answer = await answerFor(slice, ask);
      if (answer !== undefined) yield { slice, answer: answer.value };
      else parts.push(...halvesOf(slice).reverse()); // the earlier one is popped first
    }
  }
}

/** Undefined when it is too large. */
async function answerFor<Answer>(
  slice: Window,
  ask: (slice: Window) => Promise<Answer>,
): Promise<{ value: Answer } | undefined> {
  try {
    return { value: await ask(slice) };
  } catch (error) {
    const divisible = slice.untilUs - slice.sinceUs > SHORTEST_US;
    if (error instanceof StoreError && error.tooLarge && divisible) return undefined;
    throw error;
  }
}

/** In whole milliseconds, which is what Prometheus counts in. */
function halvesOf({ sinceUs, untilUs }: Window): Window[] {
  const middle = Math.floor((sinceUs + untilUs) / 2000) * 1000;
  return [
    { sinceUs, untilUs: middle },
    { sinceUs: middle, untilUs },
  ];
}
