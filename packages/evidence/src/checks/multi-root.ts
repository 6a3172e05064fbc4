import { bySql, type Check } from './check.ts';
import { chosen } from './scope.ts';

/**
 * One request, one trace, one root: two roots are two requests in one trace, none is a trace without its beginning.
 * Sorting all spans is faster than fetching each by the index.
 */
export const multiRoot: Check = {
  name: 'multi-root',
  title: 'every trace has exactly one root span',
  signals: ['traces'],
  minimum: 1,
  cause: 'a service continues the trace id but not the parent, or the root span was never exported',
  fix: 'pass traceparent on unchanged (W3C Trace Context), and let whoever starts the trace export its span',
  examine: bySql(`
    SELECT traceId, startUs, spans, roots,
      CASE WHEN roots = 1 THEN 'held'
           WHEN roots = 0 AND startUs <= :evictedUntil THEN 'evicted'
           ELSE 'failed' END AS outcome
    FROM (SELECT trace_id AS traceId, min(start_us) AS startUs, count(*) AS spans,
            count(*) - count(parent_span_id) AS roots, max(${chosen('resource_id')}) AS chosen
          FROM spans NOT INDEXED GROUP BY trace_id)
    WHERE chosen AND startUs BETWEEN :since AND :until`),
};
