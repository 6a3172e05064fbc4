import { bySql, type Check } from './check.ts';
import { chosen } from './scope.ts';

/**
 * From a SERVER span to the logs of its request: its own completion line where the service writes such lines, any line
 * that the service wrote in the trace where it does not.
 */
export const traceLogs: Check = {
  name: 'trace-logs',
  title: 'every request in a trace has its log lines',
  signals: ['traces', 'logs'],
  minimum: 1,
  cause: 'log lines are lost or not read, or they are written without trace_id and span_id',
  fix: 'look whether the lines of the service arrive at all, and whether they carry the ids of the SERVER span',
  examine: bySql(`
    SELECT r.service, s.name, s.start_us AS startUs, s.trace_id AS traceId, s.span_id AS spanId,
      CASE WHEN s.method IS NOT NULL AND r.service IN (SELECT service FROM request_totals WHERE signal = 'lines')
           THEN 'completion line' ELSE 'any log line of the service' END AS missing,
      CASE WHEN EXISTS (SELECT 1 FROM logs AS l
                        WHERE l.trace_id = s.trace_id AND l.span_id = s.span_id AND l.completion = 1) THEN 'held'
           WHEN (s.method IS NULL OR r.service NOT IN (SELECT service FROM request_totals WHERE signal = 'lines'))
                AND EXISTS (SELECT 1 FROM logs AS l JOIN resources AS lr ON lr.id = l.resource_id
                            WHERE l.trace_id = s.trace_id AND lr.service = r.service) THEN 'held'
           WHEN s.start_us <= :evictedUntil THEN 'evicted'
           ELSE 'failed' END AS outcome
    FROM spans AS s JOIN resources AS r ON r.id = s.resource_id
    WHERE s.kind = 2 AND s.start_us BETWEEN :since AND :until AND ${chosen('r.id')}`),
};
