import type { PointRecord } from '@clew/evidence';
import type { RawSeries } from './api.ts';
import { boundOf, keyOf, seriesLabels } from './metric-name.ts';

/** What one scrape said of one histogram. */
export type Point = Required<Pick<PointRecord, 'timeUs' | 'histogram'>>;

/** Points of one classic histogram, by time, with counts as they were stored: cumulative since the process started. */
export interface HistogramSeries {
  labels: Record<string, string>;
  points: Point[];
}

/** Puts the `_bucket`, `_sum` and `_count` series of one metric together: samples of one scrape have one time. */
export function histogramSeries(series: RawSeries[]): HistogramSeries[] {
  const byLabels = new Map<string, { labels: Record<string, string>; scrapes: Map<number, Scrape> }>();
  for (const { labels: all, samples } of series) {
    const labels = seriesLabels(all);
    const key = keyOf(labels);
    const histogram = byLabels.get(key) ?? { labels, scrapes: new Map<number, Scrape>() };
    byLabels.set(key, histogram);
    for (const { timeUs, value } of samples) {
      const scrape = histogram.scrapes.get(timeUs) ?? { buckets: [] };
      histogram.scrapes.set(timeUs, scrape);
      if (all.le !== undefined) scrape.buckets.push({ le: boundOf(all.le), count: value });
      else if (all.__name__?.endsWith('_sum')) scrape.sum = value;
      else scrape.count = value;
    }
  }
  return [...byLabels.values()].map(({ labels, scrapes }) => ({
    labels,
    points: [...scrapes].sort(([a], [b]) => a - b).flatMap(([timeUs, scrape]) => pointOf(timeUs, scrape)),
  }));
}

interface Scrape {
  buckets: { le: number; count: number }[];
  sum?: number;
  count?: number;
}

function pointOf(timeUs: number, { buckets, sum, count }: Scrape): Point[] {
  const sorted = buckets.sort((a, b) => a.le - b.le);
  const infinite = sorted.at(-1)?.le === Number.POSITIVE_INFINITY ? sorted.pop()?.count : count;
  if (infinite === undefined) return [];
  const cumulated = [...sorted.map((bucket) => bucket.count), infinite];
  const counts = cumulated.map((value, i) => value - (cumulated[i - 1] ?? 0));
  const bounds = sorted.map(({ le }) => le);
  return [{ timeUs, histogram: { bounds, counts, count: count ?? infinite, ...(sum !== undefined && { sum }) } }];
}
