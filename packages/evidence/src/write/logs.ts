import type { DatabaseSync } from 'node:sqlite';
import { storedId } from '../ids.ts';
import type { LogRecord } from '../records.ts';
import { COMPLETION_MESSAGE, requestOfAttributes } from '../requests.ts';
import { safeInteger } from '../safe-integer.ts';
import { microseconds } from '../times.ts';
import type { RequestTotals } from './request-totals.ts';
import type { StoredResource } from './resources.ts';

const SAMPLED = 1;

export type LogWriter = (resource: StoredResource, log: LogRecord) => void;

export function logWriter(db: DatabaseSync, totals: RequestTotals): LogWriter {
  const insert = db.prepare(
    `INSERT INTO logs (resource_id, time_us, trace_id, span_id, trace_flags, completion, source, level, body, attributes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );

  return (resource, log) => {
    const request = log.body === COMPLETION_MESSAGE ? requestOfAttributes(log.attributes) : undefined;
    insert.run(
      resource.id,
      microseconds(log.timeUs),
      log.traceId ? storedId('trace', log.traceId) : null,
      log.spanId ? storedId('span', log.spanId) : null,
      log.traceFlags === undefined ? null : safeInteger(log.traceFlags),
      request ? 1 : 0,
      log.source,
      log.level ?? null,
      log.body,
      JSON.stringify(log.attributes),
    );
    if (!request) return;
    totals.add(resource.service, request, 'lines', log.source);
    if (log.traceFlags !== undefined && (log.traceFlags & SAMPLED) === 0) {
      totals.add(resource.service, request, 'unsampled', log.source);
    }
  };
}
