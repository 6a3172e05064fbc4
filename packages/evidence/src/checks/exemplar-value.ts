import { REQUEST_HISTOGRAM } from '../requests.ts';
import { byRow, type Check, type Outcome } from './check.ts';
import { chosen } from './scope.ts';

interface Measured {
  service: string;
  metric: string;
  value: number;
  /** Null when it came without a bucket. */
  le: number | null;
  /** Of the request's span; null when it is not there, or the metric does not measure spans. */
  spanDurationUs: number | null;
  /** Of the point that came with the exemplar. */
  bounds: string | null;
}

/** The same request measured twice, by metric and by span. */
const TOLERANCE_US = 2000;

/** The dot must lie where the trace behind it was measured. */
export const exemplarValue: Check = {
  name: 'exemplar-value',
  title: "every exemplar's value lies in its bucket and within 2 ms of its span's duration",
  signals: ['traces', 'metrics'],
  minimum: 1,
  cause: 'span and histogram measure apart, in different units, or the buckets were changed on the way',
  fix: 'measure a request once and use it for both (`span.end(start + duration)`), in seconds, with the same boundaries',
  // An exemplar is older than the point it comes with; clocks may differ where a scrape gives the time of the point.
  examine: byRow<Measured>(
    `SELECT service, metric, value, le, duration_us AS spanDurationUs, e.time_us AS timeUs, e.trace_id AS traceId,
       e.span_id AS spanId,
       ifnull(
         (SELECT buckets FROM points WHERE points.series_id = e.series_id AND buckets IS NOT NULL
            AND points.time_us >= e.time_us ORDER BY points.time_us LIMIT 1),
         (SELECT buckets FROM points WHERE points.id = last_point_id)) ->> '$.bounds' AS bounds
     FROM exemplars AS e JOIN series ON series.id = series_id JOIN resources AS r ON r.id = series.resource_id
       LEFT JOIN spans AS s ON metric = '${REQUEST_HISTOGRAM}' AND s.trace_id = e.trace_id AND s.span_id = e.span_id
     WHERE (le IS NOT NULL OR metric = '${REQUEST_HISTOGRAM}')
       AND e.time_us BETWEEN :since AND :until AND ${chosen('r.id')}`,
    ({ bounds, ...measured }) => {
      const known = bounds === null ? null : (JSON.parse(bounds) as number[]); // as writePoint stores them
      return { ...measured, ...judge(measured, known) };
    },
  ),
};

function judge(
  { metric, value, le, spanDurationUs }: Omit<Measured, 'bounds'>,
  bounds: number[] | null,
): { outcome: Outcome; wrong?: string } {
  const wrong = le === null ? undefined : wrongBucket(value, le, bounds);
  if (wrong !== undefined) return { outcome: 'failed', wrong };
  if (spanDurationUs !== null && Math.abs(value * 1e6 - spanDurationUs) > TOLERANCE_US) {
    return { outcome: 'failed', wrong: 'duration' };
  }
  if (le !== null && bounds === null) return { outcome: 'buckets not there' };
  return { outcome: spanDurationUs === null && metric === REQUEST_HISTOGRAM ? 'span not there' : 'held' };
}

/** A value equal to the lower bound is let pass: collectors put it on either side. */
function wrongBucket(value: number, le: number, bounds: number[] | null): string | undefined {
  if (bounds && le !== Number.POSITIVE_INFINITY && !bounds.includes(le)) return 'bucket is none of the series';
  const lower = bounds?.findLast((bound) => bound < le) ?? Number.NEGATIVE_INFINITY;
  return value > le || value < lower ? 'value outside of its bucket' : undefined;
}
