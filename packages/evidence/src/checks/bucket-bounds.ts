import { REQUEST_HISTOGRAM } from '../requests.ts';
import { byRow, type Check } from './check.ts';
import { chosen } from './scope.ts';

interface Buckets {
  bounds: string;
  /** What most series of the metric have. */
  usual: string;
}

/** `sum by (le)` adds buckets up across services: with different boundaries it gives a wrong quantile, and no error. */
export const bucketBounds: Check = {
  name: 'bucket-bounds',
  title: `all series of ${REQUEST_HISTOGRAM} have the same bucket boundaries`,
  signals: ['metrics'],
  minimum: 1,
  cause: "the SDK's default boundaries are for milliseconds, or a view or library sets its own",
  fix: 'set the boundaries that semantic conventions advise (0.005 to 10 s) as advice, view or `buckets` in every service',
  examine: byRow<Buckets>(
    `WITH buckets AS MATERIALIZED (
       SELECT service, source, labels ->> '$.http_route' AS route, buckets ->> '$.bounds' AS bounds
       FROM series JOIN resources AS r ON r.id = resource_id JOIN points ON points.id = (
         SELECT id FROM points AS p WHERE p.series_id = series.id AND p.time_us BETWEEN :since AND :until
         ORDER BY p.time_us DESC LIMIT 1)
       WHERE metric = '${REQUEST_HISTOGRAM}' AND buckets IS NOT NULL AND ${chosen('r.id')})
     SELECT *, (SELECT bounds FROM buckets GROUP BY bounds ORDER BY count(*) DESC, bounds LIMIT 1) AS usual
     FROM buckets`,
    (row) => {
      if (row.bounds === row.usual) return { ...row, outcome: 'held' };
      return { ...row, outcome: isExponential(JSON.parse(row.bounds)) ? 'exponential histogram' : 'failed' };
    },
  ),
};

/**
 * An exponential histogram's boundaries grow by one factor, base = 2^(2^-scale), and are powers of it: those that its
 * values need. Explicit ones may double, too, but from a start of their own.
 */
function isExponential(bounds: number[]): boolean {
  const positive = bounds.filter((bound) => bound > 0);
  const scales = positive.slice(1).map((bound, i) => -Math.log2(Math.log2(bound / (positive[i] ?? bound))));
  const scale = Math.round(scales[0] ?? 0);
  const isWhole = (number: number) => Math.abs(number - Math.round(number)) < 1e-6;
  return (
    scales.length > 0 &&
    scales.every((each) => Math.abs(each - scale) < 1e-6) &&
    positive.every((bound) => isWhole(Math.log2(bound) * 2 ** scale))
  );
}
