// Reads answers of stores whose fields may be anything: what is not as expected reads as empty, and the caller says so.

export type Message = Record<string, unknown>;

export function message(value: unknown): Message {
  // An object of any fields is what Message says.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Message) : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function messages(value: unknown): Message[] {
  return list(value).map(message);
}

export function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The entries of an object whose values are strings, such as labels. */
export function strings(value: unknown): Record<string, string> {
  const entries = Object.entries(message(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

/** Seconds since the epoch, with a fraction, as whole microseconds. */
export function secondsToUs(seconds: unknown): number {
  return Math.round(Number(seconds) * 1e6);
}

/** Nanoseconds since the epoch, as digits, as whole microseconds. */
export function nanosToUs(nanos: unknown): number {
  const digits = typeof nanos === 'number' ? BigInt(Math.round(nanos)).toString() : string(nanos);
  return /^\d+$/.test(digits) ? Number(digits.slice(0, -3)) : 0;
}
