import type { DatabaseSync } from 'node:sqlite';
import type { Request } from '../requests.ts';
import { safeInteger, safeSum } from '../safe-integer.ts';

export interface RequestTotals {
  add(service: string, request: Request, signal: Signal, source: string, count?: number): void;
  /** Writes what was added; within the transaction of the records it counts. */
  flush(): void;
  /** Forgets what was added and not written. */
  forget(): void;
}

type Signal = 'spans' | 'lines' | 'unsampled' | 'histogram';

/** Sums in memory first: a batch has thousands of records and few different requests. */
export function requestTotals(db: DatabaseSync): RequestTotals {
  const pending = new Map<string, { key: [string, string, string, number, string, string]; count: number }>();
  const upsert = db.prepare(
    `INSERT INTO request_totals (service, method, route, status, signal, source, count) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = ${safeSum('count + excluded.count')}`,
  );

  return {
    add(service, { method, route, status }, signal, source, count = 1) {
      const name = `${signal}\n${source}\n${status}\n${method}\n${route}\n${service}`;
      const total = pending.get(name);
      if (total) total.count += count;
      else pending.set(name, { key: [service, method, route, status, signal, source], count });
    },
    flush() {
      for (const { key, count } of pending.values()) upsert.run(...key, safeInteger(count));
      pending.clear();
    },
    forget: () => pending.clear(),
  };
}
