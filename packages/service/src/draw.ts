/**
 * A number that looks random but depends on its arguments alone, so that a run can be repeated although its requests
 * are worked on side by side: there is no state that they could take from each other.
 *
 * @param seed Of the run, 0 to 2^32 - 1.
 * @param stream What is drawn for, such as `GET /api/slow`: streams are independent of each other.
 * @param n The number of the draw in its stream, from 0.
 * @returns 0 up to, not including, 1.
 */
export function draw(seed: number, stream: string, n: number): number {
  let start = mix(seed);
  for (let i = 0; i < stream.length; i += 1) start = mix(start ^ stream.charCodeAt(i));
  return mix(start + Math.imul(n, 0x9e3779b9)) / 2 ** 32;
}

/**
 * Draws what is mostly short and now and then very long, as real latencies are: log-normal, without an upper end.
 *
 * @param percentiles The median and the 99th percentile, in whatever unit the result shall have.
 */
export function drawLogNormal(
  seed: number,
  stream: string,
  n: number,
  { p50, p99 }: { p50: number; p99: number },
): number {
  // Box and Muller: two uniform draws make a normal one. 1 - u keeps the logarithm from 0.
  const radius = Math.sqrt(-2 * Math.log(1 - draw(seed, `${stream} radius`, n)));
  const normal = radius * Math.cos(2 * Math.PI * draw(seed, `${stream} angle`, n));
  const sigma = Math.log(p99 / p50) / 2.326; // so many standard deviations are the 99th percentile
  return p50 * Math.exp(normal * sigma);
}

/** One step of splitmix32: every bit of the input changes half of the output's. Gives 0 to 2^32 - 1. */
function mix(input: number): number {
  let x = (input + 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}
