/**
 * A whole number within what a JavaScript number holds exactly. Telemetry may carry any number; SQLite would take a larger
 * integer, and every later SELECT of it would throw ERR_OUT_OF_RANGE.
 */
export function safeInteger(number: number): number {
  if (Number.isNaN(number)) return 0;
  return Math.round(Math.min(Math.max(number, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER));
}

/** The same in SQL, for a sum of such numbers. */
export const safeSum = (sum: string) => `min(${sum}, ${Number.MAX_SAFE_INTEGER})`;
