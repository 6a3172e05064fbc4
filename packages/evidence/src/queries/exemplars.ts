import type { Evidence } from '../open.ts';
import type { ExemplarRecord } from '../records.ts';
import { rows } from '../sql.ts';

export interface StoredExemplar extends Omit<ExemplarRecord, 'le'> {
  /** Upper bound of its bucket as Prometheus writes it (`+Inf` for the last); null on a counter. */
  le: string | null;
  service: string;
  seriesId: number;
  /** Whether the store has the trace and span it points at. */
  linked: boolean;
}

export interface ExemplarFilter {
  metric?: string;
  service?: string;
  /** Of series with this `http_route`. */
  route?: string;
  /** Of series with this `http_response_status_code`. */
  status?: number;
  /** Of series with an `error_type`. */
  error?: boolean;
  /** Taken from then on, in microseconds. */
  since?: number;
  /** At most so many exemplars, 100 by default. */
  limit?: number;
}

/** The exemplars that came last, newest first. */
export function listExemplars({ db }: Pick<Evidence, 'db'>, filter: ExemplarFilter = {}): StoredExemplar[] {
  const { metric, service, route, status, error = false, since, limit = 100 } = filter;
  type Row = Omit<StoredExemplar, 'labels' | 'le' | 'linked'> & { labels: string; le: number | null; linked: number };
  const found = rows<Row>(
    db,
    `SELECT metric, labels, le, value, time_us AS timeUs, trace_id AS traceId, span_id AS spanId, source, service,
       series_id AS seriesId,
       EXISTS (SELECT 1 FROM spans WHERE spans.trace_id = exemplars.trace_id AND spans.span_id = exemplars.span_id) AS linked
     FROM exemplars JOIN series ON series.id = series_id JOIN resources ON resources.id = resource_id
     WHERE (:metric IS NULL OR metric = :metric) AND (:service IS NULL OR service = :service)
       AND (:route IS NULL OR labels ->> 'http_route' = :route)
       AND (:status IS NULL OR labels ->> 'http_response_status_code' = :status)
       AND (NOT :error OR labels ->> 'error_type' IS NOT NULL)
       AND (:since IS NULL OR time_us >= :since)
     ORDER BY exemplars.id DESC LIMIT :limit`,
    { metric, service, route, status: status?.toString(), error: Number(error), since, limit },
  );
  return found.map((exemplar) => ({
    ...exemplar,
    labels: JSON.parse(exemplar.labels),
    le: exemplar.le === Number.POSITIVE_INFINITY ? '+Inf' : (exemplar.le?.toString() ?? null),
    linked: exemplar.linked === 1,
  }));
}
