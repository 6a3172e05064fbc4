import type { DatabaseSync } from 'node:sqlite';
import { storedId } from '../ids.ts';
import type { ExemplarRecord } from '../records.ts';
import { microseconds } from '../times.ts';
import type { StoredSeries } from './series.ts';

export type ExemplarWriter = (series: StoredSeries, exemplar: ExemplarRecord) => void;

export function exemplarWriter(db: DatabaseSync): ExemplarWriter {
  const insert = db.prepare(
    `INSERT INTO exemplars (series_id, le, value, time_us, trace_id, span_id, attributes) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  return (series, { le, value, timeUs, traceId, spanId, attributes }) => {
    insert.run(
      series.id,
      le ?? null,
      value,
      microseconds(timeUs),
      storedId('trace', traceId),
      storedId('span', spanId),
      attributes ? JSON.stringify(attributes) : null,
    );
  };
}
