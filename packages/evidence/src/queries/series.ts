import type { Evidence } from '../open.ts';
import type { PointRecord } from '../records.ts';
import { rows } from '../sql.ts';

/** One point; `value` of a counter or gauge, `histogram` of a histogram. NaN is null. */
export interface StoredPoint {
  timeUs: number;
  /** Since when it is cumulative. */
  startUs: number | null;
  value: number | null;
  histogram: { bounds: number[]; counts: number[]; sum: number | null; count: number } | null;
}

export interface StoredSeries extends Pick<PointRecord, 'metric' | 'type' | 'labels' | 'source'> {
  id: number;
  service: string;
  /** Null when only an exemplar came so far. */
  last: StoredPoint | null;
}

export interface SeriesFilter {
  metric?: string;
  /** Labels that a series must have; it may have others. */
  labels?: Record<string, string>;
  service?: string;
  /** At most so many series, 1000 by default. */
  limit?: number;
}

interface PointRow {
  timeUs: number;
  startUs: number | null;
  value: number | null;
  sum: number | null;
  count: number | null;
  buckets: string | null;
}

const POINT = 'points.time_us AS timeUs, points.start_us AS startUs, value, sum, points.count, buckets';

/** Series by metric and labels, each with its last point. */
export function listSeries({ db }: Pick<Evidence, 'db'>, filter: SeriesFilter = {}): StoredSeries[] {
  const { metric, labels = {}, service, limit = 1000 } = filter;
  const found = rows<PointRow & Omit<StoredSeries, 'labels' | 'last'> & { labels: string; pointId: number | null }>(
    db,
    `SELECT series.id, metric, type, labels, source, service, points.id AS pointId, ${POINT}
     FROM series JOIN resources ON resources.id = resource_id LEFT JOIN points ON points.id = last_point_id
     WHERE (:metric IS NULL OR metric = :metric) AND (:service IS NULL OR service = :service)
       AND NOT EXISTS (SELECT 1 FROM json_each(:labels) AS wanted WHERE NOT EXISTS (
         SELECT 1 FROM json_each(series.labels) AS own WHERE own.key = wanted.key AND own.value = wanted.value))
     ORDER BY metric, labels, series.id LIMIT :limit`,
    { metric, service, labels: JSON.stringify(labels), limit },
  );
  return found.map(({ id, metric, type, labels, source, service, pointId, ...point }) => {
    const last = pointId === null ? null : pointOf(point);
    return { id, metric, type, source, service, labels: JSON.parse(labels), last };
  });
}

/**
 * The points of a series that the store still has, by time.
 *
 * @param seriesId `id` of `listSeries`.
 * @param options.since only points from then on, in microseconds.
 */
export function pointsOf(
  { db }: Pick<Evidence, 'db'>,
  seriesId: number,
  { since }: { since?: number } = {},
): StoredPoint[] {
  const found = rows<PointRow>(
    db,
    `SELECT ${POINT} FROM points WHERE series_id = :seriesId AND time_us >= ifnull(:since, time_us)
     ORDER BY time_us, id`,
    { seriesId, since },
  );
  return found.map(pointOf);
}

function pointOf({ timeUs, startUs, value, sum, count, buckets }: PointRow): StoredPoint {
  const histogram = buckets === null || count === null ? null : { ...JSON.parse(buckets), sum, count };
  return { timeUs, startUs, value, histogram };
}
