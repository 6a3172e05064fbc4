import type { DatabaseSync } from 'node:sqlite';
import type { Evidence } from '../open.ts';
import { REQUEST_HISTOGRAM } from '../requests.ts';
import { row, rows } from '../sql.ts';

export interface LatencyFilter {
  service?: string;
  /** Template, as in `http.route`. */
  route?: string;
  /** HTTP status code. */
  status?: number;
  /** Only requests with an `error.type`. */
  error?: boolean;
  /** How far back from the newest point, in microseconds; five minutes by default. */
  windowUs?: number;
}

/** Requests that ended within the step of time from `timeUs` on, and took from `from` (exclusive) to `to` seconds. */
export interface LatencyCell {
  timeUs: number;
  from: number;
  /** Null for the bucket that is open upwards. */
  to: number | null;
  /** With a fraction where points and steps do not coincide. */
  count: number;
}

export interface Latency {
  sinceUs: number;
  untilUs: number;
  stepUs: number;
  cells: LatencyCell[];
  /** What there is to filter by. */
  routes: string[];
  statuses: number[];
}

interface StepRow {
  seriesId: number;
  resourceId: number;
  timeUs: number;
  startUs: number | null;
  buckets: string;
}

const STEPS = 60;

/**
 * Durations of requests over time, from the histograms that count them: what a heat map shows. The window ends at the
 * newest point, so that a run that is over can be looked at as well as one that goes on.
 */
export function latency({ db }: Pick<Evidence, 'db'>, filter: LatencyFilter = {}): Latency {
  const { service, route, status, error = false, windowUs = 300_000_000 } = filter;
  const { untilUs } = row<{ untilUs: number }>(
    db,
    'SELECT ifnull(max(last_us), 0) AS untilUs FROM series WHERE metric = :metric',
    { metric: REQUEST_HISTOGRAM },
  );
  const stepUs = Math.ceil(windowUs / STEPS);
  const sinceUs = untilUs - windowUs;
  // The last point of each series in each step, and the one before the window.
  const found = rows<StepRow>(
    db,
    `SELECT series.id AS seriesId, resource_id AS resourceId, max(time_us) AS timeUs, start_us AS startUs, buckets
     FROM series JOIN resources ON resources.id = resource_id JOIN points ON points.series_id = series.id
     WHERE metric = :metric AND type = 'histogram' AND buckets IS NOT NULL
       AND (:service IS NULL OR service = :service)
       AND (:route IS NULL OR labels ->> 'http_route' = :route)
       AND (:status IS NULL OR labels ->> 'http_response_status_code' = :status)
       AND (NOT :error OR labels ->> 'error_type' IS NOT NULL)
       AND time_us >= ifnull(
         (SELECT max(time_us) FROM points AS p WHERE p.series_id = series.id AND p.time_us <= :sinceUs), :sinceUs)
     GROUP BY series.id, (time_us - :sinceUs + :stepUs - 1) / :stepUs
     ORDER BY series.id, timeUs`,
    { metric: REQUEST_HISTOGRAM, service, route, status: status?.toString(), error: Number(error), sinceUs, stepUs },
  );
  const cells = cellsOf(found, sinceUs, stepUs);
  const statuses = values(db, 'http_response_status_code').map(Number);
  return { sinceUs, untilUs, stepUs, cells, routes: values(db, 'http_route'), statuses };
}

function values(db: DatabaseSync, label: string): string[] {
  const found = rows<{ value: string }>(
    db,
    `SELECT DISTINCT labels ->> :label AS value FROM series
     WHERE metric = :metric AND labels ->> :label IS NOT NULL ORDER BY 1`,
    { metric: REQUEST_HISTOGRAM, label },
  );
  return found.map(({ value }) => value);
}

/** What each series has counted since its point before, spread evenly over the steps in between. */
function cellsOf(found: StepRow[], sinceUs: number, stepUs: number): LatencyCell[] {
  const firstOfResource = new Map<number, number>();
  for (const { resourceId, timeUs } of found) {
    firstOfResource.set(resourceId, Math.min(timeUs, firstOfResource.get(resourceId) ?? timeUs));
  }
  const cells = new Map<string, LatencyCell>();
  let before: { seriesId: number; timeUs: number; counts: number[] } | undefined;
  for (const { seriesId, resourceId, timeUs, startUs, buckets } of found) {
    const { bounds, counts } = JSON.parse(buckets) as { bounds: number[]; counts: number[] };
    const last = before?.seriesId === seriesId ? before : undefined;
    before = { seriesId, timeUs, counts };
    // What a process had counted before it was first heard of did not happen now.
    const isNew = timeUs !== firstOfResource.get(resourceId) || (startUs !== null && startUs >= sinceUs);
    if (timeUs <= sinceUs || (last === undefined && !isNew)) continue;
    const hasRestarted = counts.some((count, i) => count < (last?.counts[i] ?? 0));
    const fromUs = last?.timeUs ?? Math.max(startUs ?? 0, timeUs - stepUs);
    for (const [i, count] of counts.entries()) {
      const added = count - (hasRestarted ? 0 : (last?.counts[i] ?? 0));
      const bucket = { from: bounds[i - 1] ?? 0, to: bounds[i] ?? null };
      if (added > 0) spread(cells, { ...bucket, count: added }, [fromUs, timeUs], sinceUs, stepUs);
    }
  }
  return [...cells.values()].sort((a, b) => a.timeUs - b.timeUs || a.from - b.from);
}

/** Adds a count to the cells of a bucket that lie between two times, to each as much as it covers of them. */
function spread(
  cells: Map<string, LatencyCell>,
  { count, ...bucket }: Omit<LatencyCell, 'timeUs'>,
  [fromUs, toUs]: [number, number],
  sinceUs: number,
  stepUs: number,
): void {
  const first = Math.max(0, Math.floor((fromUs - sinceUs) / stepUs));
  for (let timeUs = sinceUs + first * stepUs; timeUs < toUs; timeUs += stepUs) {
    const coveredUs = Math.min(toUs, timeUs + stepUs) - Math.max(fromUs, timeUs);
    const key = `${timeUs} ${bucket.from} ${bucket.to}`;
    const cell = cells.get(key) ?? { timeUs, ...bucket, count: 0 };
    cell.count += (count * coveredUs) / (toUs - fromUs);
    cells.set(key, cell);
  }
}
