import { storedId } from '../ids.ts';
import type { Evidence } from '../open.ts';
import type { Attributes, SpanRecord } from '../records.ts';
import { rows } from '../sql.ts';

/** A span as it came, with its service. */
export interface StoredSpan extends Required<Omit<SpanRecord, 'parentSpanId' | 'statusMessage' | 'scope'>> {
  parentSpanId: string | null;
  statusMessage: string | null;
  scope: string | null;
  service: string;
  /** Attributes of the resource. */
  resource: Attributes;
}

/**
 * A trace's spans by start time; empty when there is no such trace.
 *
 * @param traceId 32 lower-case hex digits.
 */
export function getTrace({ db }: Pick<Evidence, 'db'>, traceId: string): StoredSpan[] {
  type Json = 'attributes' | 'events' | 'links' | 'resource';
  const found = rows<Omit<StoredSpan, Json> & Record<Json, string>>(
    db,
    `SELECT trace_id AS traceId, span_id AS spanId, parent_span_id AS parentSpanId, service, name, kind,
       start_us AS startUs, duration_us AS durationUs, status, status_message AS statusMessage, scope,
       spans.attributes, ifnull(events, '[]') AS events, ifnull(links, '[]') AS links, resources.attributes AS resource
     FROM spans JOIN resources ON resources.id = resource_id
     WHERE trace_id = :traceId ORDER BY start_us, spans.id`,
    { traceId: storedId('trace', traceId) },
  );
  return found.map((span) => ({
    ...span,
    attributes: JSON.parse(span.attributes),
    events: JSON.parse(span.events),
    links: JSON.parse(span.links),
    resource: JSON.parse(span.resource),
  }));
}
