import type { DatabaseSync } from 'node:sqlite';
import { iterate } from '../sql.ts';
import type { Scope } from './scope.ts';

/** Which buckets of a series were incremented of late. */
export interface RecentBuckets {
  /** Finite upper bounds of all its buckets. */
  bounds: number[];
  /** Places of the incremented ones; the last is +Inf. */
  incremented: number[];
  /** When the last point was. */
  untilUs: number;
  /** How often there is a point, or an exemplar when that is more seldom. */
  intervalUs: number;
}

interface Point {
  timeUs: number;
  startUs: number | null;
  bounds: number[];
  counts: number[];
}

/** How often a bucket gives an exemplar at least. */
const EXEMPLAR_INTERVAL_US = 15_000_000;

/**
 * The buckets that were incremented in the last two intervals, or since the first point when that is later; undefined
 * when there are too few points to tell.
 */
export function recentBuckets(db: DatabaseSync, seriesId: number, scope: Scope): RecentBuckets | undefined {
  const points = lastPoints(db, seriesId, scope);
  const last = points[0];
  const before = points.at(-1);
  if (!last || !before || before === last) return undefined;
  const grown = last.counts.flatMap((count, i) => (count > (before.counts[i] ?? 0) ? [i] : []));
  return { bounds: last.bounds, incremented: grown, untilUs: last.timeUs, intervalUs: intervalOf(points) };
}

/** The points of the process that runs last, newest first, back to the one before the last two intervals. */
function lastPoints(db: DatabaseSync, seriesId: number, { parameters }: Scope): Point[] {
  const points: Point[] = [];
  const beforeWindow = () => (points[0]?.timeUs ?? 0) - 2 * intervalOf(points);
  const stored = iterate<{ timeUs: number; startUs: number | null; buckets: string }>(
    db,
    `SELECT time_us AS timeUs, start_us AS startUs, buckets FROM points
     WHERE series_id = :seriesId AND buckets IS NOT NULL AND time_us BETWEEN :since AND :until ORDER BY time_us DESC`,
    { ...parameters, seriesId },
  );
  for (const { timeUs, startUs, buckets } of stored) {
    const point: Point = { timeUs, startUs, ...JSON.parse(buckets) };
    const later = points.at(-1);
    if (later && !goesOn(point, later)) break;
    points.push(point);
    if (points.length > 2 && timeUs <= beforeWindow()) break;
  }
  const first = points.at(-1);
  // A process counts from zero.
  if (first?.startUs && first.startUs > beforeWindow()) {
    points.push({ ...first, timeUs: first.startUs, counts: first.counts.map(() => 0) });
  }
  return points;
}

/** Scrapes at the stop come sooner than the interval, so it is the longer one of the last two. */
function intervalOf(points: Point[]): number {
  const gaps = points.slice(1, 3).map(({ timeUs }, i) => (points[i]?.timeUs ?? timeUs) - timeUs);
  return Math.max(EXEMPLAR_INTERVAL_US, ...gaps);
}

/** Whether `later` is of the same process and buckets as `point`. */
function goesOn(point: Point, later: Point): boolean {
  return (
    point.bounds.length === later.bounds.length &&
    point.bounds.every((bound, i) => bound === later.bounds[i]) &&
    point.counts.every((count, i) => count <= (later.counts[i] ?? 0))
  );
}
