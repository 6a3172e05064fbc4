import type { DatabaseSync } from 'node:sqlite';
import type { GapRecord } from '../records.ts';
import { transaction } from '../sql.ts';
import { nowUs } from '../times.ts';
import { gapWriter } from '../write/gaps.ts';
import { leftoverEvictor } from './leftovers.ts';
import { metricsEvictor } from './metrics.ts';
import { traceEvictor } from './traces.ts';

export interface Evicted {
  traces: number;
  logs: number;
  points: number;
}

/** Evicts from the one fill level down to the other: fewer and larger transactions touch fewer pages. */
const FULL = 0.9;
const FREED = 0.85;
/** What metrics may take, so that neither they nor the traces push the other out. */
const METRICS_SHARE = 0.25;
/** Measured: 220 for a histogram point with 14 bounds and its index entry, 60 for a gauge. */
const BYTES_PER_POINT = 200;
/** The commit comes on top: a call stays within about 50 ms. */
const BUDGET_MS = 20;

/** `bytes` tells the live size of the store, `forgetSeries` is called when rows of series have gone. */
export function evictor(db: DatabaseSync, bytes: () => number, forgetSeries: () => void) {
  const metrics = metricsEvictor(db);
  const leftovers = leftoverEvictor(db);
  const evictTraces = traceEvictor(db);
  const writeGaps = gapWriter(db);

  return (maxBytes: number): Evicted => {
    const evicted = { traces: 0, logs: 0, points: 0, exemplars: 0 };
    if (bytes() > maxBytes * FULL) {
      const deadline = performance.now() + BUDGET_MS;
      transaction(db, () => {
        evictMetrics(evicted, (maxBytes * METRICS_SHARE) / BYTES_PER_POINT, deadline);
        evicted.logs += leftovers.logs(deadline);
        evicted.exemplars += leftovers.exemplars(deadline);
        while (performance.now() < deadline && bytes() > maxBytes * FREED && evictSlice(evicted));
        writeGaps(gapsOf(evicted));
      });
    }
    const { traces, logs, points } = evicted;
    return { traces, logs, points };
  };

  function evictMetrics(evicted: Evicted, most: number, deadline: number): void {
    let left = metrics.count();
    while (left > most && performance.now() < deadline) {
      let points = metrics.points();
      if (points === 0) {
        points = metrics.series();
        forgetSeries();
      }
      evicted.points += points;
      left -= points;
    }
  }

  /** Traces, without traces logs, without logs points. False when there is nothing left to evict. */
  function evictSlice(evicted: Evicted & { exemplars: number }): boolean {
    const { traces, logs, exemplars } = evictTraces();
    evicted.traces += traces;
    evicted.logs += logs;
    evicted.exemplars += exemplars;
    if (traces > 0) return true;
    const anyLogs = leftovers.anyLogs();
    const points = anyLogs === 0 ? metrics.points() : 0;
    evicted.logs += anyLogs;
    evicted.points += points;
    return anyLogs + points > 0;
  }
}

function gapsOf({ traces, logs, points, exemplars }: Evicted & { exemplars: number }): GapRecord[] {
  const evicted = { kind: 'evicted', timeUs: nowUs() } as const;
  return [
    { ...evicted, signal: 'traces', reason: 'window full: whole traces, oldest first', count: traces },
    { ...evicted, signal: 'logs', reason: 'window full: logs of evicted traces, or as old', count: logs },
    { ...evicted, signal: 'metrics', reason: 'window full: points, oldest first', count: points },
    { ...evicted, signal: 'metrics', reason: 'window full: exemplars of evicted traces', count: exemplars },
  ];
}
