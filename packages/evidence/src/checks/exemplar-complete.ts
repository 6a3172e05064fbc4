import { bySql, type Check } from './check.ts';
import { chosen } from './scope.ts';

/** The trace that an exemplar opens must be whole, or it tells a part of the story. Judged once per trace. */
export const exemplarComplete: Check = {
  name: 'exemplar-complete',
  title: 'the trace of every exemplar has one root and every parent',
  signals: ['traces', 'metrics'],
  minimum: 1,
  cause: 'one of the services in the trace loses spans, exports nowhere, or samples by itself',
  fix: 'see which service is missing: its exporter, its drop counters; sample by parent (`parentbased_...`) everywhere',
  examine: bySql(`
    WITH traces AS MATERIALIZED (
      SELECT s.trace_id, count(*) AS spans, count(*) - count(s.parent_span_id) AS roots,
        sum(s.parent_span_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM spans AS p WHERE p.trace_id = s.trace_id AND p.span_id = s.parent_span_id)) AS orphans
      FROM (SELECT DISTINCT trace_id FROM exemplars) CROSS JOIN spans AS s USING (trace_id) GROUP BY s.trace_id)
    SELECT service, metric, value, e.time_us AS timeUs, e.trace_id AS traceId, traces.spans, roots, orphans,
      CASE WHEN traces.spans IS NULL THEN 'trace not there'
           WHEN roots = 1 AND orphans = 0 THEN 'held'
           WHEN e.time_us <= :evictedUntil THEN 'evicted'
           ELSE 'failed' END AS outcome
    FROM exemplars AS e JOIN series ON series.id = series_id JOIN resources AS r ON r.id = resource_id
      LEFT JOIN traces ON traces.trace_id = e.trace_id
    WHERE e.time_us BETWEEN :since AND :until AND ${chosen('r.id')}`),
};
