import { bySql, type Check } from './check.ts';
import { chosen } from './scope.ts';

/** A click on an exemplar must open its trace, at the span that was measured. */
export const exemplarTrace: Check = {
  name: 'exemplar-trace',
  title: 'every exemplar leads to its trace and span',
  signals: ['traces', 'metrics'],
  minimum: 1,
  cause: 'exemplars are taken from spans that are not sampled, or the traces are dropped on their way or sampled later',
  fix: "take exemplars from sampled spans only; look at the exporter's drop counters; keep traces that have `exemplar.recorded`",
  examine: bySql(`
    SELECT service, metric, le, value, e.time_us AS timeUs, e.trace_id AS traceId, e.span_id AS spanId,
      CASE WHEN typeof(e.trace_id) <> 'blob' OR typeof(e.span_id) <> 'blob' THEN 'well-formed id'
           WHEN EXISTS (SELECT 1 FROM spans AS s WHERE s.trace_id = e.trace_id) THEN 'span'
           ELSE 'trace' END AS missing,
      CASE WHEN typeof(e.trace_id) <> 'blob' OR typeof(e.span_id) <> 'blob' THEN 'failed'
           WHEN EXISTS (SELECT 1 FROM spans AS s WHERE s.trace_id = e.trace_id AND s.span_id = e.span_id) THEN 'held'
           WHEN e.time_us <= :evictedUntil THEN 'evicted'
           ELSE 'failed' END AS outcome
    FROM exemplars AS e JOIN series ON series.id = series_id JOIN resources AS r ON r.id = resource_id
    WHERE e.time_us BETWEEN :since AND :until AND ${chosen('r.id')}`),
};
