import { bySql, type Check } from './check.ts';
import { chosen } from './scope.ts';

/**
 * Only a sampled span is ever stored, and only for as long as the trace store keeps it (`retentionUs`; not checked when
 * unknown). Where the span itself is missing, a log line of it tells what was decided.
 */
export const exemplarSampled: Check = {
  name: 'exemplar-sampled',
  title: 'every exemplar comes from a sampled span and is younger than traces are kept',
  signals: ['traces', 'metrics', 'logs'],
  minimum: 1,
  cause: 'prom-client takes whatever ids it is given, sampled or not, and shows an exemplar until another replaces it',
  fix: 'look at the trace flags before you give an exemplar; take those that are older than the retention out of the page',
  examine: bySql(`
    WITH judged AS (
      SELECT service, metric, e.time_us AS timeUs, e.trace_id AS traceId, e.span_id AS spanId,
        (SELECT min(trace_flags & 1) FROM logs AS l WHERE l.trace_id = e.trace_id AND l.span_id = e.span_id) AS sampled,
        EXISTS (SELECT 1 FROM spans AS s WHERE s.trace_id = e.trace_id AND s.span_id = e.span_id) AS stored
      FROM exemplars AS e JOIN series ON series.id = series_id JOIN resources AS r ON r.id = resource_id
      WHERE e.time_us BETWEEN :since AND :until AND ${chosen('r.id')})
    SELECT service, metric, timeUs, traceId, spanId,
      CASE WHEN timeUs < :keptSince THEN 'older than the retention' ELSE 'log line with trace_flags 00' END AS wrong,
      CASE WHEN timeUs < :keptSince THEN 'failed'
           WHEN stored OR sampled = 1 THEN 'held'
           WHEN sampled = 0 THEN 'failed'
           WHEN timeUs <= :evictedUntil THEN 'evicted'
           ELSE 'neither its span nor a log line is there' END AS outcome
    FROM judged`),
};
