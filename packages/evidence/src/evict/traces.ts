import type { DatabaseSync } from 'node:sqlite';
import { nowUs } from '../times.ts';

/** The traces of so many spans at a time: about 5 ms. */
const SPANS = 200;

export interface EvictedTraces {
  traces: number;
  logs: number;
  exemplars: number;
}

/**
 * Evicts the traces whose first spans came first, whole: with their logs and exemplars, and keeping the count of their
 * calls. Moves the watermark to their end, so that what points at them later is known to be uncheckable.
 */
export function traceEvictor(db: DatabaseSync): () => EvictedTraces {
  db.exec('CREATE TEMP TABLE going (trace_id BLOB PRIMARY KEY) WITHOUT ROWID');
  const choose = db.prepare(
    `INSERT INTO going SELECT DISTINCT trace_id FROM (SELECT trace_id FROM spans ORDER BY id LIMIT ${SPANS})`,
  );
  const keepCalls = db.prepare(
    `INSERT INTO evicted_calls (caller, target, service, method, route, status, count)
     SELECT caller, ifnull(target, ''), ifnull(service, ''), method, ifnull(route, ''), ifnull(status, 0), count(*)
     FROM going CROSS JOIN calls USING (trace_id) GROUP BY 1, 2, 3, 4, 5, 6
     ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  );
  // A span from a clock that runs ahead must not make everything up to its time uncheckable.
  const moveWatermark = db.prepare(
    `UPDATE watermark SET evicted_until_us = max(evicted_until_us, ifnull(min(:now,
       (SELECT max(start_us + duration_us) FROM going CROSS JOIN spans USING (trace_id))), 0))`,
  );
  const deleteOf = (table: string) => db.prepare(`DELETE FROM ${table} WHERE trace_id IN (SELECT trace_id FROM going)`);
  const deleteLogs = deleteOf('logs');
  const deleteExemplars = deleteOf('exemplars');
  const deleteSpans = deleteOf('spans');
  const clear = db.prepare('DELETE FROM going');

  return () => {
    const traces = Number(choose.run().changes);
    keepCalls.run();
    moveWatermark.run({ now: nowUs() });
    const logs = Number(deleteLogs.run().changes);
    const exemplars = Number(deleteExemplars.run().changes);
    deleteSpans.run();
    clear.run();
    return { traces, logs, exemplars };
  };
}
