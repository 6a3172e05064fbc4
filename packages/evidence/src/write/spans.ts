import type { DatabaseSync } from 'node:sqlite';
import { storedId } from '../ids.ts';
import type { Attributes, SpanRecord } from '../records.ts';
import { requestOfAttributes } from '../requests.ts';
import { safeInteger } from '../safe-integer.ts';
import { microseconds } from '../times.ts';
import type { RequestTotals } from './request-totals.ts';
import type { StoredResource } from './resources.ts';

const SERVER = 2;
const CLIENT = 3;

/**
 * Writes a span; false when its ids are there already. Exporters send a batch again when the answer to it got lost, and
 * such a span must not count twice.
 */
export type SpanWriter = (resource: StoredResource, span: SpanRecord) => boolean;

export function spanWriter(db: DatabaseSync, totals: RequestTotals): SpanWriter {
  const insert = db.prepare(
    `INSERT INTO spans (trace_id, span_id, parent_span_id, resource_id, kind, status, start_us, duration_us, method,
       route, status_code, target, name, scope, status_message, attributes, events, links)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );

  return (resource, span) => {
    const request = requestOfAttributes(span.attributes);
    const startUs = microseconds(span.startUs);
    const { changes } = insert.run(
      storedId('trace', span.traceId),
      storedId('span', span.spanId),
      span.parentSpanId ? storedId('span', span.parentSpanId) : null,
      resource.id,
      safeInteger(span.kind),
      safeInteger(span.status),
      startUs,
      // Its end is read, too.
      microseconds(Math.min(span.durationUs, Number.MAX_SAFE_INTEGER - startUs)),
      request?.method ?? null,
      request?.route || null,
      request?.status || null,
      span.kind === CLIENT ? targetOf(span.attributes) : null,
      span.name,
      span.scope ?? null,
      span.statusMessage ?? null,
      JSON.stringify(span.attributes),
      span.events?.length ? JSON.stringify(span.events) : null,
      span.links?.length ? JSON.stringify(span.links) : null,
    );
    if (changes === 0) return false;
    if (request && span.kind === SERVER) totals.add(resource.service, request, 'spans', 'otlp');
    return true;
  };
}

function targetOf(attributes: Attributes): string | null {
  const { 'server.address': address, 'server.port': port } = attributes;
  if (typeof address !== 'string') return null;
  return typeof port === 'number' || typeof port === 'string' ? `${address}:${port}` : address;
}
