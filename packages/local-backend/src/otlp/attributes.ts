import type { Attributes } from '@clew/evidence';

/** Deepest nesting of arrays and maps in an attribute, as protobuf's own limit: deeper input could exhaust the stack. */
export const maxDepth = 100;

/** Sets one attribute, also one that is named `__proto__`, which an assignment would lose. */
export function setAttribute(attributes: Attributes, key: string, value: unknown): void {
  if (key !== '__proto__') attributes[key] = value;
  else Object.defineProperty(attributes, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A double as a JSON value; NaN and the infinities as the strings that protobuf's JSON mapping gives them. */
export function jsonDouble(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
