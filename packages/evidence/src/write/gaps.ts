import type { DatabaseSync } from 'node:sqlite';
import type { GapRecord } from '../records.ts';

export type GapWriter = (records: GapRecord[]) => void;

/** Gaps of one kind, signal and reason add up in one row: a receiver may refuse something a thousand times a second. */
export function gapWriter(db: DatabaseSync): GapWriter {
  const upsert = db.prepare(
    `INSERT INTO gaps (kind, signal, reason, count, first_us, last_us) VALUES (:kind, :signal, :reason, :count, :timeUs, :timeUs)
     ON CONFLICT DO UPDATE SET count = count + excluded.count, last_us = max(last_us, excluded.last_us)`,
  );
  return (records) => {
    for (const { kind, signal, reason, count, timeUs } of records) {
      if (count > 0) upsert.run({ kind, signal, reason, count, timeUs });
    }
  };
}
