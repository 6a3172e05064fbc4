/**
 * Nanoseconds, as the two halves of a fixed64, to whole microseconds; exact, though nanoseconds are past the integers
 * that a number can hold. 2^32 ns are 4,294,967 us and 296 ns.
 */
export function toMicros(high: number, low: number): number {
  return high * 4_294_967 + Math.floor((high * 296 + low) / 1000);
}

/** Whether the store can hold a time: it reads integers back as numbers, which end at 2^53 us, in the year 2255. */
export function storable(us: number): boolean {
  return Number.isSafeInteger(us);
}
