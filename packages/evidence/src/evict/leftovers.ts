import type { DatabaseSync } from 'node:sqlite';
import { nowUs } from '../times.ts';

const SLICE = 200;

export interface LeftoverEvictor {
  /** Evicts the first logs, as long as they are older than the watermark and belong to no stored trace. */
  logs(deadline: number): number;
  /** The same for exemplars: a scrape may bring one again after its trace has gone. */
  exemplars(deadline: number): number;
  /** Evicts a slice of the first logs whatever they are, and moves the watermark: for a store without traces. */
  anyLogs(): number;
}

/** Evicts what does not go with a trace, in arrival order. */
export function leftoverEvictor(db: DatabaseSync): LeftoverEvictor {
  const outdated = (table: string) => {
    const remove = db.prepare(
      `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} ORDER BY id LIMIT ${SLICE})
         AND time_us <= (SELECT evicted_until_us FROM watermark)
         AND NOT EXISTS (SELECT 1 FROM spans WHERE spans.trace_id = ${table}.trace_id)`,
    );
    return (deadline: number) => {
      let total = 0;
      let removed = SLICE;
      while (removed === SLICE && performance.now() < deadline) {
        removed = Number(remove.run().changes);
        total += removed;
      }
      return total;
    };
  };
  const moveWatermark = db.prepare(
    `UPDATE watermark SET evicted_until_us = max(evicted_until_us, ifnull(min(:now,
       (SELECT max(time_us) FROM (SELECT time_us FROM logs ORDER BY id LIMIT ${SLICE}))), 0))`,
  );
  const deleteLogs = db.prepare(`DELETE FROM logs WHERE id IN (SELECT id FROM logs ORDER BY id LIMIT ${SLICE})`);

  return {
    logs: outdated('logs'),
    exemplars: outdated('exemplars'),
    anyLogs() {
      moveWatermark.run({ now: nowUs() });
      return Number(deleteLogs.run().changes);
    },
  };
}
