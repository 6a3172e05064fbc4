import { bySql, type Check } from './check.ts';
import { chosen } from './scope.ts';

/** A click on a log line's trace_id must open the trace, at the span in which the line was written. */
export const logTrace: Check = {
  name: 'log-trace',
  title: 'every log line with a trace_id leads to that trace and span',
  signals: ['traces', 'logs'],
  minimum: 1,
  cause: 'spans are dropped on their way, or the line carries the ids of a span that was never exported',
  fix: "look at the span exporter's drop counters and endpoint; take the ids from the active span when the line is written",
  examine: bySql(`
    SELECT service, l.time_us AS timeUs, body, l.trace_id AS traceId, l.span_id AS spanId,
      CASE WHEN typeof(l.trace_id) <> 'blob' OR typeof(l.span_id) = 'text' THEN 'well-formed id'
           WHEN EXISTS (SELECT 1 FROM spans AS s WHERE s.trace_id = l.trace_id) THEN 'span'
           ELSE 'trace' END AS missing,
      CASE WHEN typeof(l.trace_id) <> 'blob' OR typeof(l.span_id) = 'text' THEN 'failed'
           WHEN EXISTS (SELECT 1 FROM spans AS s WHERE s.trace_id = l.trace_id AND s.span_id = l.span_id) THEN 'held'
           WHEN l.span_id IS NULL AND EXISTS (SELECT 1 FROM spans AS s WHERE s.trace_id = l.trace_id) THEN 'held'
           WHEN l.trace_flags & 1 = 0 THEN 'not sampled, or no flags'
           WHEN l.time_us <= :evictedUntil THEN 'evicted'
           WHEN :tailSampled AND NOT EXISTS (SELECT 1 FROM spans AS s WHERE s.trace_id = l.trace_id)
           THEN 'trace not kept by tail sampling'
           ELSE 'failed' END AS outcome
    FROM logs AS l JOIN resources AS r ON r.id = l.resource_id
    WHERE l.trace_id IS NOT NULL AND l.time_us BETWEEN :since AND :until AND ${chosen('r.id')}`),
};
