import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { canonicalJson } from '../canonical.ts';
import type { ExemplarRecord, PointRecord } from '../records.ts';
import { REQUEST_HISTOGRAM } from '../requests.ts';
import type { StoredResource } from './resources.ts';

/** What is remembered of a series between two points. */
export interface StoredSeries {
  id: number;
  type: string;
  lastUs: number;
  /** Of a histogram: the count of its process, and of the processes before it that are gone. */
  count: number;
  countBefore: number;
}

export interface SeriesWriter {
  /** Finds or inserts the series that a point or an exemplar belongs to. */
  store(resource: StoredResource, record: PointRecord | ExemplarRecord): StoredSeries;
  forget(): void;
}

export function seriesWriter(db: DatabaseSync): SeriesWriter {
  const known = new Map<string, StoredSeries>();
  const upsert = db.prepare(
    `INSERT INTO series (metric, labels, source, resource_id, type, last_us, count, count_before)
     VALUES (?, ?, ?, ?, 'unknown', ?, ?, ?)
     ON CONFLICT DO UPDATE SET type = type
     RETURNING id, type, last_us AS lastUs, count, count_before AS countBefore`,
  );
  const takeEvicted = db.prepare('DELETE FROM evicted_series WHERE key = ? RETURNING last_us AS lastUs, count');

  return {
    store(resource, { metric, labels, source }) {
      const json = canonicalJson(labels);
      const name = `${resource.id}\n${source}\n${metric}\n${json}`;
      let series = known.get(name);
      if (!series) {
        const evicted =
          metric === REQUEST_HISTOGRAM ? takeEvicted.get(seriesKey(resource.id, source, json)) : undefined;
        const count = Number(evicted?.count ?? 0);
        // What it had counted when it was evicted is in request_totals.
        const row = upsert.get(metric, json, source, resource.id, Number(evicted?.lastUs ?? 0), count, -count);
        // The columns after RETURNING are those of StoredSeries.
        series = { ...row } as unknown as StoredSeries;
        known.set(name, series);
      }
      return series;
    },
    forget: () => known.clear(),
  };
}

/** Tells the series of one metric apart in a few bytes; `labels` as they are stored. */
export function seriesKey(resourceId: number, source: string, labels: string): Uint8Array {
  return hash('sha256', `${resourceId}\n${source}\n${labels}`, 'buffer').subarray(0, 8);
}
