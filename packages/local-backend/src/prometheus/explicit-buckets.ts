import type { DataPoint } from '../otlp/metric.ts';

/**
 * The buckets of an exponential histogram as explicit ones with the same edges: bucket `i` of `scale` reaches from
 * `base^i` (excluded) to `base^(i+1)` with `base = 2^(2^-scale)`; the zero bucket lies between the negative and the
 * positive ones. An edge beyond the finite numbers belongs to the +Inf bucket; edges that a number cannot tell apart
 * make one bucket.
 * https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
export function explicitBuckets(point: DataPoint): { bounds: number[]; counts: number[] } {
  const { scale, positive, negative, zeroThreshold, zeroCount } = point;
  const edge = (index: number) => (index === 0 ? 1 : 2 ** (index * 2 ** -scale));
  const bounds: number[] = [];
  const counts: number[] = [];
  let infinite = 0;
  const add = (bound: number, count: number) => {
    if (bound === Number.POSITIVE_INFINITY) infinite += count;
    else if (bound <= (bounds.at(-1) ?? Number.NEGATIVE_INFINITY))
      counts[counts.length - 1] = (counts.at(-1) ?? 0) + count;
    else {
      bounds.push(bound);
      counts.push(count);
    }
  };
  // A bound of count 0 first, so that the lower edge of the lowest bucket is not lost.
  if (negative.counts.length > 0) add(-edge(negative.offset + negative.counts.length), 0);
  for (let i = negative.counts.length - 1; i >= 0; i--) add(-edge(negative.offset + i), negative.counts[i] ?? 0);
  if (zeroCount > 0 || negative.counts.length > 0) add(zeroThreshold, zeroCount);
  if (positive.counts.length > 0) add(edge(positive.offset), 0);
  for (const [i, count] of positive.counts.entries()) add(edge(positive.offset + i + 1), count);
  return { bounds, counts: [...counts, infinite] };
}
