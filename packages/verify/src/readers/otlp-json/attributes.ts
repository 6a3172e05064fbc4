import type { Attributes } from '@clew/evidence';
import { message, messages, string } from '../../json.ts';

/** Deeper nesting is no attribute that anybody reads. */
const MAX_DEPTH = 20;

/** A list of KeyValue as an object. */
export function attributesOf(value: unknown, depth = 0): Attributes {
  const entries = messages(value).map((entry) => [string(entry.key), anyValue(entry.value, depth)] as const);
  // fromEntries also keeps an attribute that is named __proto__.
  return Object.fromEntries(entries);
}

/** An AnyValue as a JSON value; 64-bit integers come as strings and become numbers where a number holds them. */
function anyValue(value: unknown, depth: number): unknown {
  const any = message(value);
  if (depth > MAX_DEPTH) return null;
  if (any.stringValue !== undefined) return string(any.stringValue);
  if (any.boolValue !== undefined) return any.boolValue;
  if (any.intValue !== undefined) return integer(any.intValue);
  if (any.doubleValue !== undefined) return any.doubleValue;
  if (any.bytesValue !== undefined) return any.bytesValue;
  if (any.arrayValue !== undefined) return listOf(message(any.arrayValue).values, depth + 1);
  if (any.kvlistValue !== undefined) return attributesOf(message(any.kvlistValue).values, depth + 1);
  return null;
}

function listOf(values: unknown, depth: number): unknown[] {
  return messages(values).map((value) => anyValue(value, depth));
}

function integer(value: unknown): unknown {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
