import { safeInteger } from './safe-integer.ts';

/** Whole microseconds that can be read back; telemetry may carry any time. */
export const microseconds = safeInteger;

/** The wall clock, in microseconds since the Unix epoch. */
export function nowUs(): number {
  return Date.now() * 1000;
}
