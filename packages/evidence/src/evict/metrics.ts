import type { DatabaseSync } from 'node:sqlite';
import { REQUEST_HISTOGRAM, requestOfLabels } from '../requests.ts';
import { requestTotals } from '../write/request-totals.ts';

const SLICE = 500;

export interface MetricsEvictor {
  /** How many points there are. */
  count(): number;
  /** Evicts the first points, but never the last one of a series. */
  points(): number;
  /** Evicts the series that have been silent for longest, with their points. Returns the number of points. */
  series(): number;
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
    `SELECT series.id, metric, labels, source, service, count + count_before AS count
     FROM series JOIN resources ON resources.id = resource_id ORDER BY last_us LIMIT ${SLICE}`,
  );
  const deletePointsOf = db.prepare('DELETE FROM points WHERE series_id = ?');
  const deleteExemplarsOf = db.prepare('DELETE FROM exemplars WHERE series_id = ?');
  const deleteSeries = db.prepare('DELETE FROM series WHERE id = ?');

  return {
    count: () => Number(count.get()?.count),
    points: () => Number(deletePoints.run().changes),
    series() {
      let points = 0;
      for (const series of silent.all()) {
        if (series.metric === REQUEST_HISTOGRAM) {
          const labels = JSON.parse(String(series.labels));
          const request = requestOfLabels(labels);
          totals.add(String(series.service), request, 'histogram', String(series.source), Number(series.count));
        }
        const id = Number(series.id);
        points += Number(deletePointsOf.run(id).changes);
        deleteExemplarsOf.run(id);
        deleteSeries.run(id);
      }
      totals.flush();
      return points;
    },
  };
}
