import { randomOf } from './random.ts';
import type { Timeline } from './timeline.ts';

/** The same things in an order that depends on the seed alone. */
export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = randomOf(seed, 0);
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/**
 * Which of several faults, one after another for the same time each, is active so many seconds after the start.
 *
 * @param settles seconds after a change in which a request may meet either side
 * @returns undefined outside of the fault, and near a change.
 */
export function partAt<Item>(
  items: readonly Item[],
  { baseline, fault }: Timeline,
  seconds: number,
  settles = 1.5,
): Item | undefined {
  const length = fault / items.length;
  const inFault = seconds - baseline;
  const inPart = inFault % length;
  if (inFault < 0 || inPart < settles || inPart > length - 1) return undefined;
  return items[Math.floor(inFault / length)];
}
