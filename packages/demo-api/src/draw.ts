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
 * A latency that is mostly short and now and then very long, as real ones are: log-normal with a median of 60 ms and a
 * 99th percentile of 1.5 s.
 *
 * @returns Whole milliseconds, 10,000 at most.
 */
export function drawLatency(seed: number, stream: string, n: number): number {
  // Box and Muller: two uniform draws make a normal one. 1 - u keeps the logarithm from 0.
  const radius = Math.sqrt(-2 * Math.log(1 - draw(seed, `${stream} radius`, n)));
  const normal = radius * Math.cos(2 * Math.PI * draw(seed, `${stream} angle`, n));
  return Math.min(10_000, Math.round(60 * Math.exp(normal * sigma)));
}

/** 2.326 standard deviations are the 99th percentile. */
const sigma = Math.log(1_500 / 60) / 2.326;

/** One step of splitmix32: every bit of the input changes half of the output's. Gives 0 to 2^32 - 1. */
function mix(input: number): number {
  let x = (input + 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}
