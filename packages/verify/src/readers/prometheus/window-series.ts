import type { PointRecord } from '@clew/evidence';
import type { Point } from './histogram-points.ts';
import { createRebase } from './rebase.ts';

/** One histogram series over a window. */
export interface WindowSeries {
  /** The last point before the window, if there is one. */
  before(point: Point): void;
  /** Takes the next point and returns what is to be stored. */
  next(point: Point): PointRecord[];
}

/**
 * Counts from zero at the beginning of the window. Points at which nothing had been counted are left out, but for the last
 * one before each rise: a quiet window is long, and the last intervals are those in which there were requests.
 */
export function createWindowSeries(metric: string, labels: Record<string, string>, sinceUs: number): WindowSeries {
  const rebase = createRebase();
  const record = ({ timeUs, histogram }: Point): PointRecord => {
    return { metric, type: 'histogram', labels, timeUs, source: 'scrape', histogram };
  };
  let counted = 0;
  let idle: Point | undefined;

  return {
    before: ({ histogram }) => rebase.base(histogram),
    next({ timeUs, histogram }) {
      const point = { timeUs, histogram: rebase.next(histogram) };
      const { count } = point.histogram;
      if (counted === 0) idle ??= { timeUs: sinceUs, histogram: zeroOf(point.histogram) };
      if (count === counted) {
        idle = point;
        return [];
      }
      const risen = idle === undefined ? [point] : [idle, point];
      counted = count;
      idle = undefined;
      return risen.map(record);
    },
  };
}

function zeroOf(histogram: Point['histogram']): Point['histogram'] {
  const { bounds, counts, sum } = histogram;
  return { bounds, counts: counts.map(() => 0), count: 0, ...(sum !== undefined && { sum: 0 }) };
}
