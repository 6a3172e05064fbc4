import type { DatabaseSync } from 'node:sqlite';
import type { PointRecord } from '../records.ts';
import { safeInteger } from '../safe-integer.ts';
import { microseconds } from '../times.ts';
import type { StoredSeries } from './series.ts';

export type PointWriter = (series: StoredSeries, point: PointRecord) => void;

export function pointWriter(db: DatabaseSync): PointWriter {
  const insert = db.prepare(
    'INSERT INTO points (series_id, time_us, start_us, value, sum, count, buckets) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const update = db.prepare(
    'UPDATE series SET type = ?, last_us = ?, last_point_id = ?, count = ?, count_before = ? WHERE id = ?',
  );

  return (series, point) => {
    const timeUs = microseconds(point.timeUs);
    const startUs = point.startUs === undefined ? undefined : microseconds(point.startUs);
    const { value, histogram } = point;
    const count = histogram && safeInteger(histogram.count);
    const { lastInsertRowid } = insert.run(
      series.id,
      timeUs,
      startUs ?? null,
      value ?? null,
      histogram?.sum ?? null,
      count ?? null,
      histogram ? JSON.stringify({ bounds: histogram.bounds, counts: histogram.counts }) : null,
    );
    // One that comes late is kept for the plot, but tells nothing about the present.
    if (timeUs < series.lastUs) return;
    if (count !== undefined) {
      if (isNewProcess(series, count, startUs)) series.countBefore = safeInteger(series.countBefore + series.count);
      series.count = count;
    }
    series.lastUs = timeUs;
    series.type = point.type;
    update.run(series.type, timeUs, lastInsertRowid, series.count, series.countBefore, series.id);
  };
}

/** A start before the last point is a corrected one, not a new process. */
function isNewProcess(series: StoredSeries, count: number, startUs: number | undefined): boolean {
  return count < series.count || (startUs !== undefined && series.lastUs > 0 && startUs > series.lastUs);
}
