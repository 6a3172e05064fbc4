import type { DatabaseSync } from 'node:sqlite';
import { canonicalJson } from '../canonical.ts';
import type { ExemplarRecord, PointRecord } from '../records.ts';
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
    `INSERT INTO series (metric, labels, source, resource_id, type) VALUES (?, ?, ?, ?, 'unknown')
     ON CONFLICT DO UPDATE SET type = type
     RETURNING id, type, last_us AS lastUs, count, count_before AS countBefore`,
  );

  return {
    store(resource, { metric, labels, source }) {
      const json = canonicalJson(labels);
      const name = `${resource.id}\n${source}\n${metric}\n${json}`;
      let series = known.get(name);
      if (!series) {
        const row = upsert.get(metric, json, source, resource.id);
        // The columns after RETURNING are those of StoredSeries.
        series = { ...row } as unknown as StoredSeries;
        known.set(name, series);
      }
      return series;
    },
    forget: () => known.clear(),
  };
}
