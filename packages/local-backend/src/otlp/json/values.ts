import type { Attributes, Resource } from '@clew/evidence';
import { jsonDouble, maxDepth, setAttribute } from '../attributes.ts';

// What protobuf's JSON mapping makes of field types, with OTLP's exceptions: ids are hex and enums are numbers.
// https://protobuf.dev/programming-guides/json/ and https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding

/** A JSON object whose fields are not known yet. Each reader below takes the field's name for its error. */
export type Message = Record<string, unknown>;

export function message(value: unknown, field: string): Message {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw unexpected(field, 'an object', value);
  return value as Message; // an object of any fields is what Message says
}

export function messages(value: unknown, field: string): Message[] {
  return list(value, field).map((element) => message(element, field));
}

export function string(value: unknown, field: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw unexpected(field, 'a string', value);
  return value;
}

/** An id in hex, of either case; `undefined` when it is empty. */
export function id(value: unknown, field: string): string | undefined {
  const text = string(value, field).toLowerCase();
  if (!/^[0-9a-f]*$/.test(text) || text.length % 2 === 1) throw unexpected(field, 'an id in hex', value);
  return text === '' ? undefined : text;
}

/** An enum or a 32-bit integer. */
export function int32(value: unknown, field: string): number {
  const number = integer(value, field);
  if (number !== (number | 0)) throw unexpected(field, 'a 32-bit integer', value);
  return number;
}

/** A count or another 64-bit integer, as the nearest number. 64-bit integers may come as strings. */
export function integer(value: unknown, field: string): number {
  return Number(bigInteger(value, field));
}

/** A 64-bit integer as it is stored in an attribute: a string when a number cannot hold it exactly. */
export function bigInteger(value: unknown, field: string): number | string {
  if (value === undefined || value === null) return 0;
  const digits = typeof value === 'number' && Number.isInteger(value) ? BigInt(value).toString() : value;
  if (typeof digits !== 'string' || !/^-?\d+$/.test(digits)) throw unexpected(field, 'an integer', value);
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : digits;
}

export function integers(value: unknown, field: string): number[] {
  return list(value, field).map((element) => integer(element, field));
}

export function double(value: unknown, field: string): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number') return value;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (Number.isNaN(number) && value !== 'NaN') throw unexpected(field, 'a number', value);
  return number;
}

export function doubles(value: unknown, field: string): number[] {
  return list(value, field).map((element) => double(element, field));
}

export function boolean(value: unknown, field: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw unexpected(field, 'true or false', value);
  return value;
}

/** Nanoseconds since the epoch, as a string of digits or a number, to whole microseconds. */
export function micros(value: unknown, field: string): number {
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value.slice(0, -3));
  const ns = integer(value, field);
  if (ns < 0) throw unexpected(field, 'nanoseconds since the epoch', value);
  return Math.floor(ns / 1000);
}

/** A list of KeyValue. */
export function attributes(value: unknown, field: string, depth = 0): Attributes {
  const result: Attributes = {};
  for (const entry of messages(value, field)) {
    const key = string(entry.key, `${field}.key`);
    setAttribute(result, key, anyValue(entry.value, key, depth));
  }
  return result;
}

/** An AnyValue as a JSON value, as the protobuf reader gives it. */
export function anyValue(value: unknown, field: string, depth = 0): unknown {
  if (depth > maxDepth) throw new RangeError(`${field}: nested deeper than ${maxDepth}`);
  const any = message(value, field);
  if (any.stringValue !== undefined) return string(any.stringValue, field);
  if (any.boolValue !== undefined) return boolean(any.boolValue, field);
  if (any.intValue !== undefined) return bigInteger(any.intValue, field);
  if (any.doubleValue !== undefined) return jsonDouble(double(any.doubleValue, field));
  if (any.bytesValue !== undefined) return string(any.bytesValue, field);
  if (any.kvlistValue !== undefined) return attributes(message(any.kvlistValue, field).values, field, depth + 1);
  if (any.arrayValue === undefined) return null;
  return list(message(any.arrayValue, field).values, field).map((element) => anyValue(element, field, depth + 1));
}

export function resource(value: unknown): Resource {
  return { attributes: attributes(message(value, 'resource').attributes, 'resource.attributes') };
}

function list(value: unknown, field: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unexpected(field, 'a list', value);
  return value;
}

function unexpected(field: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${field}: expected ${expected}, got ${JSON.stringify(value).slice(0, 80)}`);
}
