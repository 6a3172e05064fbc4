import type { Window } from '../reader.ts';

/** Cuts a window into parts of at most `sliceUs`, so that no answer is larger than memory. */
export function* slices({ sinceUs, untilUs }: Window, sliceUs: number): Generator<Window> {
  for (let start = sinceUs; start < untilUs; start += sliceUs) {
    yield { sinceUs: start, untilUs: Math.min(start + sliceUs, untilUs) };
  }
}
