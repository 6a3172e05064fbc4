import type { PointRecord } from '@clew/evidence';

type Histogram = NonNullable<PointRecord['histogram']>;

/**
 * Counts from the beginning of a window instead of a process: what was counted before is the base, and a count that falls
 * is a new process that started at zero. Never `increase()`, which extrapolates.
 */
export interface Rebase {
  /** Takes the last point before the window; a series without one was born in it. */
  base(histogram: Histogram): void;
  /** The next point, with what was counted since the window began. */
  next(histogram: Histogram): Histogram;
}

export function createRebase(): Rebase {
  let last: Histogram | undefined;
  let total: Histogram | undefined;

  return {
    base(histogram) {
      last = histogram;
    },
    next(histogram) {
      const restarted = last === undefined || histogram.count < last.count || !sameBounds(histogram, last);
      const rise = restarted ? histogram : minus(histogram, last as Histogram); // not restarted: there is a last one
      // Other boundaries cannot be added to: what was counted with the old ones stays in the count and the last bucket.
      total = total === undefined ? rise : sameBounds(total, rise) ? plus(total, rise) : rebucket(total, rise);
      last = histogram;
      return total;
    },
  };
}

function sameBounds(a: Histogram, b: Histogram): boolean {
  return a.bounds.length === b.bounds.length && a.bounds.every((bound, i) => bound === b.bounds[i]);
}

function minus(a: Histogram, b: Histogram): Histogram {
  return combine(a, b, -1);
}

function plus(a: Histogram, b: Histogram): Histogram {
  return combine(a, b, 1);
}

function combine(a: Histogram, b: Histogram, sign: 1 | -1): Histogram {
  return {
    bounds: a.bounds,
    counts: a.counts.map((count, i) => count + sign * (b.counts[i] ?? 0)),
    count: a.count + sign * b.count,
    ...(a.sum !== undefined && b.sum !== undefined && { sum: a.sum + sign * b.sum }),
  };
}

function rebucket(total: Histogram, rise: Histogram): Histogram {
  const counts = rise.counts.with(-1, (rise.counts.at(-1) ?? 0) + total.count);
  return { ...rise, counts, count: rise.count + total.count };
}
