import { bySql, type Check } from './check.ts';
import { chosen } from './scope.ts';

/** A span whose parent is missing hangs in the air: the trace view cannot say who called it. */
export const orphanSpans: Check = {
  name: 'orphan-spans',
  title: 'every span with a parent has that parent in its trace',
  signals: ['traces'],
  minimum: 1,
  cause: 'the caller sends a traceparent without exporting its own span, or its spans are dropped on their way',
  fix: "let the caller export its spans or send no traceparent; look at its exporter's drop counters",
  examine: bySql(`
    SELECT service, s.name, s.start_us AS startUs, s.trace_id AS traceId, s.span_id AS spanId,
      s.parent_span_id AS parentSpanId,
      CASE WHEN typeof(s.trace_id) <> 'blob' OR typeof(s.span_id) <> 'blob' OR typeof(s.parent_span_id) <> 'blob'
           THEN 'well-formed id' ELSE 'parent' END AS missing,
      CASE WHEN typeof(s.trace_id) <> 'blob' OR typeof(s.span_id) <> 'blob' OR typeof(s.parent_span_id) <> 'blob'
           THEN 'failed'
           WHEN EXISTS (SELECT 1 FROM spans AS p WHERE p.trace_id = s.trace_id AND p.span_id = s.parent_span_id)
           THEN 'held'
           WHEN s.start_us <= :evictedUntil THEN 'evicted'
           ELSE 'failed' END AS outcome
    FROM spans AS s JOIN resources AS r ON r.id = s.resource_id
    WHERE s.parent_span_id IS NOT NULL AND s.start_us BETWEEN :since AND :until AND ${chosen('r.id')}`),
};
