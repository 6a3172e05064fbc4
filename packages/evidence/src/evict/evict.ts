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

type EvictedRecords = Evicted & { exemplars: number };

/** Evicts from the one fill level down to the other: fewer and larger transactions touch fewer pages. */
const FULL = 0.9;
const FREED = 0.85;
/** What metrics may take, so that neither they nor the traces push the other out. */
const METRICS_SHARE = 0.25;
/** Measured: 220 for a histogram point with 14 bounds and its index entry, 60 for a gauge. */
const BYTES_PER_POINT = 200;
/** For what evicted series had counted: a live one comes back with its next point, and must not count twice. */
const REMEMBERED_SHARE = 0.125;
/** Measured: 46 to 51, with its index entry. */
const BYTES_PER_REMEMBERED = 50;
/** The commit comes on top: a call stays within about 50 ms. */
const BUDGET_MS = 20;

/** `bytes` tells the live size of the store, `forgetSeries` is called when rows of series have gone. */
export function evictor(db: DatabaseSync, bytes: () => number, forgetSeries: () => void) {
  const metrics = metricsEvictor(db);
  const leftovers = leftoverEvictor(db);
  const evictTraces = traceEvictor(db);
  const writeGaps = gapWriter(db);

  return (maxBytes: number): Evicted => {
    const evicted: EvictedRecords = { traces: 0, logs: 0, points: 0, exemplars: 0 };
    if (bytes() > maxBytes * FULL) {
      const deadline = performance.now() + BUDGET_MS;
      transaction(db, () => {
        evictMetrics(evicted, maxBytes, deadline);
        evicted.logs += leftovers.logs(deadline);
        evicted.exemplars += leftovers.exemplars(deadline);
        while (performance.now() < deadline && bytes() > maxBytes * FREED && evictSlice(evicted, maxBytes));
        writeGaps(gapsOf(evicted));
      });
    }
    const { traces, logs, points } = evicted;
    return { traces, logs, points };
  };

  function evictMetrics(evicted: EvictedRecords, maxBytes: number, deadline: number): void {
    const most = (maxBytes * METRICS_SHARE) / BYTES_PER_POINT;
    const count = metrics.count();
    while (count - evicted.points > most && performance.now() < deadline && evictPoints(evicted, maxBytes));
  }

  /** Points, without points series. False when there is nothing left to evict. */
  function evictPoints(evicted: EvictedRecords, maxBytes: number): boolean {
    const points = metrics.points();
    evicted.points += points;
    if (points > 0) return true;
    const silent = metrics.series((maxBytes * REMEMBERED_SHARE) / BYTES_PER_REMEMBERED);
    forgetSeries();
    evicted.points += silent.points;
    evicted.exemplars += silent.exemplars;
    return silent.series > 0;
  }

  /** Traces, without traces logs, without logs points and series. False when there is nothing left to evict. */
  function evictSlice(evicted: EvictedRecords, maxBytes: number): boolean {
    const { traces, logs, exemplars } = evictTraces();
    evicted.traces += traces;
    evicted.logs += logs;
    evicted.exemplars += exemplars;
    if (traces > 0) return true;
    const anyLogs = leftovers.anyLogs();
    evicted.logs += anyLogs;
    return anyLogs > 0 || evictPoints(evicted, maxBytes);
  }
}

function gapsOf({ traces, logs, points, exemplars }: EvictedRecords): GapRecord[] {
  const evicted = { kind: 'evicted', timeUs: nowUs() } as const;
  return [
    { ...evicted, signal: 'traces', reason: 'window full: whole traces, oldest first', count: traces },
    { ...evicted, signal: 'logs', reason: 'window full: logs of evicted traces, or as old', count: logs },
    { ...evicted, signal: 'metrics', reason: 'window full: points, oldest first', count: points },
    { ...evicted, signal: 'metrics', reason: 'window full: exemplars of evicted traces and series', count: exemplars },
  ];
}
