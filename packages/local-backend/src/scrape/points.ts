import type { PointRecord } from '@clew/evidence';
import type { Labels } from '../prometheus/labels.ts';

/** A point whose samples are still coming in. */
export interface Draft {
  point: PointRecord;
  /** Where its first sample was. */
  line: number;
  /** Cumulated counts by upper bound, as they come. */
  buckets: { le: number; count: number }[];
  sum?: number;
  count?: number;
}

export interface Drafts {
  /** The draft that `point` says which it is, new or known. */
  of(point: PointRecord, line: number): Draft;
  all(): Iterable<Draft>;
}

export function createDrafts(): Drafts {
  const drafts = new Map<string, Draft>();
  return {
    of(point, line) {
      const key = keyOf(point.metric, point.labels);
      let draft = drafts.get(key);
      if (draft === undefined) {
        draft = { point, line, buckets: [] };
        drafts.set(key, draft);
      }
      return draft;
    },
    all: () => drafts.values(),
  };
}

/** The point with all its samples; `undefined` when nothing but a creation time came. Throws on impossible buckets. */
export function finishDraft(draft: Draft): PointRecord | undefined {
  const { point, buckets, sum, count } = draft;
  if (buckets.length === 0 && count === undefined && sum === undefined) {
    return point.value === undefined ? undefined : point;
  }
  const { bounds, counts } = separate(buckets, count);
  const total = count ?? counts.reduce((a, b) => a + b, 0);
  if (Math.abs(total) > Number.MAX_SAFE_INTEGER) throw new SyntaxError('a count over 2^53');
  return { ...point, histogram: { bounds, counts, ...(sum !== undefined && { sum }), count: total } };
}

/** Identity of a series within one exposition, whatever the order of its labels. */
export function keyOf(metric: string, labels: Labels): string {
  return JSON.stringify([metric, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Counts per bucket from cumulated ones. */
function separate(buckets: Draft['buckets'], count: number | undefined): { bounds: number[]; counts: number[] } {
  const sorted = buckets.toSorted((a, b) => a.le - b.le);
  const infinite = sorted.at(-1)?.le === Number.POSITIVE_INFINITY ? sorted.pop()?.count : count;
  if (infinite === undefined) throw new SyntaxError('a histogram without a +Inf bucket');
  const cumulated = [...sorted.map((bucket) => bucket.count), infinite];
  const counts = cumulated.map((value, i) => value - (cumulated[i - 1] ?? 0));
  if (counts.some((value) => !(value >= 0))) throw new SyntaxError('a bucket counts less than the one below it');
  return { bounds: sorted.map((bucket) => bucket.le), counts };
}
