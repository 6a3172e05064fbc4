/** Numbers from 0 up to, not including, 1. */
export type Random = () => number;

/**
 * The random numbers of one iteration. They depend on the seed and the number of the iteration alone, so that a run can
 * be repeated although k6 plays its iterations side by side.
 */
export function randomOf(seed: number, iteration: number): Random {
  let state = mix(mix(seed) ^ iteration);
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix(state) / 2 ** 32;
  };
}

/** A whole number from `least` to `most`, both included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** `size` hexadecimal digits, never all of them 0. */
export function hexDigits(random: Random, size: number): string {
  const digits = Array.from({ length: size }, () => Math.floor(random() * 16).toString(16)).join('');
  return /^0+$/.test(digits) ? `${digits.slice(1)}1` : digits;
}

/** One step of splitmix32: every bit of the input changes half of the output's. */
function mix(input: number): number {
  let x = (input + 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}
