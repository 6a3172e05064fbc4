/** Index of the bucket that holds `value`, among explicit `boundaries`: rising, each the inclusive upper bound of a bucket. */
export function explicitBucket(boundaries: readonly number[], value: number): number {
  let low = 0;
  let high = boundaries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((boundaries[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Index of the bucket that holds `value` (not negative), at the `scale` of an exponential histogram: bucket `i` goes from
 * base^i, exclusive, to base^(i+1), inclusive, where base = 2^(2^-scale). Zero has the bucket -Infinity.
 *
 * @see https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
export function exponentialBucket(scale: number, value: number): number {
  return Math.ceil(Math.log2(value) * 2 ** scale) - 1;
}
