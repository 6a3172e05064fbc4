import type { DatabaseSync } from 'node:sqlite';
import { REQUEST_HISTOGRAM, requestOfLabels } from '../requests.ts';
import { safeSum } from '../safe-integer.ts';
import { requestTotals } from '../write/request-totals.ts';
import { seriesKey } from '../write/series.ts';

const SLICE = 500;

export interface MetricsEvictor {
  /** How many points there are. */
  count(): number;
  /** Evicts the first points, but never the last one of a series. */
  points(): number;
  /**
   * Evicts the series that have been silent for longest, with their points and exemplars. About `remembered` of those that
   * count requests do not count again when they come back.
   */
  series(remembered: number): EvictedSeries;
}

export interface EvictedSeries {
  series: number;
  points: number;
  exemplars: number;
}

interface SilentSeries {
  id: number;
  metric: string;
  labels: string;
  source: string;
  resourceId: number;
  service: string;
  lastUs: number;
  /** Of its process. */
  count: number;
  /** Of the processes before it, too. */
  total: number;
}

/** Each call takes at most `SLICE` rows. */
export function metricsEvictor(db: DatabaseSync): MetricsEvictor {
  const totals = requestTotals(db);
  const count = db.prepare('SELECT count(*) AS count FROM points');
  const deletePoints = db.prepare(
    `DELETE FROM points WHERE id IN (SELECT id FROM points
       WHERE id NOT IN (SELECT last_point_id FROM series WHERE last_point_id IS NOT NULL) ORDER BY id LIMIT ${SLICE})`,
  );
  const silent = db.prepare(
    `SELECT series.id, metric, labels, source, resource_id AS resourceId, service, last_us AS lastUs, count,
       ${safeSum('count + count_before')} AS total
     FROM series JOIN resources ON resources.id = resource_id ORDER BY last_us LIMIT ${SLICE}`,
  );
  const deletePointsOf = db.prepare('DELETE FROM points WHERE series_id = ?');
  const deleteExemplarsOf = db.prepare('DELETE FROM exemplars WHERE series_id = ?');
  const deleteSeries = db.prepare('DELETE FROM series WHERE id = ?');
  const remember = db.prepare('INSERT OR REPLACE INTO evicted_series (key, last_us, count) VALUES (?, ?, ?)');
  const forget = db.prepare('DELETE FROM evicted_series WHERE id <= (SELECT max(id) FROM evicted_series) - ?');

  return {
    count: () => Number(count.get()?.count),
    points: () => Number(deletePoints.run().changes),
    series(remembered) {
      const found = silent.all() as unknown as SilentSeries[]; // the columns above
      const evicted = { series: found.length, points: 0, exemplars: 0 };
      for (const { id, metric, labels, source, resourceId, service, lastUs, count, total } of found) {
        if (metric === REQUEST_HISTOGRAM) {
          totals.add(service, requestOfLabels(JSON.parse(labels)), 'histogram', source, total);
          remember.run(seriesKey(resourceId, source, labels), lastUs, count);
        }
        evicted.points += Number(deletePointsOf.run(id).changes);
        evicted.exemplars += Number(deleteExemplarsOf.run(id).changes);
        deleteSeries.run(id);
      }
      totals.flush();
      forget.run(Math.floor(remembered));
      return evicted;
    },
  };
}
