/**
 * Whole microseconds within what a JavaScript number holds exactly. Telemetry may carry any time; SQLite would take a
 * larger one, and every later SELECT of it would throw ERR_OUT_OF_RANGE.
 */
export function microseconds(time: number): number {
  if (Number.isNaN(time)) return 0;
  return Math.round(Math.min(Math.max(time, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER));
}

/** The wall clock, in microseconds since the Unix epoch. */
export function nowUs(): number {
  return Date.now() * 1000;
}
