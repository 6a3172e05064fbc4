import { REQUEST_HISTOGRAM } from '../requests.ts';
import { bySql, type Check } from './check.ts';
import { chosen } from './scope.ts';

/** Whoever clicks a slow dot of one route must not land in a request of another. */
export const exemplarSeries: Check = {
  name: 'exemplar-series',
  title: 'the span of every exemplar is of the service and the route of its series',
  signals: ['traces', 'metrics'],
  minimum: 1,
  cause: "service.name differs between metrics and traces, or the exemplar is taken from another request's context",
  fix: 'name the service once for all signals (OTEL_SERVICE_NAME, target labels); record inside the context of the request',
  examine: bySql(`
    SELECT r.service, metric, series.labels ->> '$.http_route' AS route, sr.service AS spanService,
      s.route AS spanRoute, CASE WHEN sr.service <> r.service THEN 'service' ELSE 'route' END AS differs,
      e.time_us AS timeUs, e.trace_id AS traceId, e.span_id AS spanId,
      CASE WHEN s.id IS NULL THEN 'span not there'
           WHEN sr.service <> r.service THEN 'failed'
           WHEN metric = '${REQUEST_HISTOGRAM}' AND series.labels ->> '$.http_route' IS NOT s.route THEN 'failed'
           ELSE 'held' END AS outcome
    FROM exemplars AS e JOIN series ON series.id = series_id JOIN resources AS r ON r.id = series.resource_id
      LEFT JOIN spans AS s ON s.trace_id = e.trace_id AND s.span_id = e.span_id
      LEFT JOIN resources AS sr ON sr.id = s.resource_id
    WHERE e.time_us BETWEEN :since AND :until AND ${chosen('r.id')}`),
};
