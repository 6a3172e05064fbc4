import type { Target } from './settings.ts';
import type { Metrics } from './summary-data.ts';

/** What k6 sent and got, per service, route and status. */
export interface RequestRow {
  service: string;
  method: 'GET';
  route: string;
  /** 0: no answer. */
  status: number;
  count: number;
}

export interface Requests {
  rows: RequestRow[];
  /** Refused connections: no service has seen these requests. They are in no row. */
  refused: number;
  /** Requests with a route or status that has no row; the rows are only complete when this is 0. */
  uncounted: number;
}

/** Every route that a journey asks for. */
const ROUTES = ['/', '/api/users', '/api/users/:id', '/api/data', '/api/slow', '/api/error'];
const STATUSES = [0, 200, 400, 404, 500, 502, 503, 504];
/** https://grafana.com/docs/k6/latest/javascript-api/error-codes/ */
const REFUSED = 1212;
const TOTAL = 'http_reqs{counted:yes}';

/**
 * The names of the submetrics that `countRequests` reads. k6 keeps a count by tags only where a threshold asks for it; an
 * empty one does.
 */
export function countedMetrics(targets: Target[]): string[] {
  const rows = everyRow(targets).flatMap(({ status, ...row }) =>
    status === 0 ? [metricOf({ ...row, status }), refusedOf({ ...row, status })] : [metricOf({ ...row, status })],
  );
  return [TOTAL, ...rows];
}

/** Reads the counts of a run from the metrics of its summary. */
export function countRequests(metrics: Metrics, targets: Target[]): Requests {
  const count = (name: string) => metrics[name]?.values.count ?? 0;
  const found = everyRow(targets).map((row) => {
    const refused = row.status === 0 ? count(refusedOf(row)) : 0;
    return { refused, row: { ...row, count: count(metricOf(row)) - refused } };
  });
  const refused = found.reduce((sum, one) => sum + one.refused, 0);
  const counted = found.reduce((sum, { row }) => sum + row.count, 0);
  const rows = found.map(({ row }) => row).filter((row) => row.count > 0);
  return { rows, refused, uncounted: count(TOTAL) - counted - refused };
}

type Row = Omit<RequestRow, 'count'>;

function everyRow(targets: Target[]): Row[] {
  return targets.flatMap(({ name: service }) =>
    ROUTES.flatMap((route) => STATUSES.map((status): Row => ({ service, method: 'GET', route, status }))),
  );
}

function metricOf({ service, route, status }: Row): string {
  return `http_reqs{counted:yes,service:${service},route:${route},status:${status}}`;
}

function refusedOf(row: Row): string {
  return metricOf(row).replace('}', `,error_code:${REFUSED}}`);
}
