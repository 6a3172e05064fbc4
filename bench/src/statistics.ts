/** A measured value: the median, and the quartiles around it. */
export interface Figure {
  median: number;
  low: number;
  high: number;
}

/** The median and quartiles of `values`. Throws without one. */
export function figure(values: number[]): Figure {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/** Between two values it interpolates, so that a median of two is their mean. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError('No values were measured');
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * Combines each value with its partner from the same round. What slows the machine down for a while slows both, so their
 * ratio or difference stands where the values themselves do not.
 */
export function paired(
  values: number[],
  partners: number[],
  combine: (value: number, partner: number) => number,
): number[] {
  if (values.length !== partners.length) throw new RangeError('Each value needs a partner from its round');
  return values.map((value, round) => combine(value, partners[round] as number)); // same length
}
