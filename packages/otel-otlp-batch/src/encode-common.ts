import type { Attributes, HrTime } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Writer } from './writer.ts';

// Field numbers and wire types, as protobuf's tags: (number << 3) | type.
// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/common/v1/common.proto
const KEY = (1 << 3) | 2;
const VALUE = (2 << 3) | 2;
const STRING_VALUE = (1 << 3) | 2;
const BOOL_VALUE = 2 << 3;
const INT_VALUE = 3 << 3;
const DOUBLE_VALUE = (4 << 3) | 1;
const ARRAY_VALUE = (5 << 3) | 2;
const KVLIST_VALUE = (6 << 3) | 2;
const BYTES_VALUE = (7 << 3) | 2;
const ITEM = (1 << 3) | 2;

/** `repeated KeyValue`, each under `tag`. */
export function writeAttributes(writer: Writer, attributes: object, tag: number): void {
  for (const key in attributes) {
    if (!Object.hasOwn(attributes, key)) continue;
    writer.varint(tag);
    const keyValue = writer.begin();
    writer.varint(KEY);
    writer.string(key);
    writer.varint(VALUE);
    writeMessageOfValue(writer, (attributes as Record<string, unknown>)[key]);
    writer.end(keyValue);
  }
}

/** An `AnyValue` with its length. What has no form in OTLP (null, undefined) is an empty one. */
export function writeMessageOfValue(writer: Writer, value: unknown): void {
  const begun = writer.begin();
  writeAnyValue(writer, value);
  writer.end(begun);
}

function writeAnyValue(writer: Writer, value: unknown): void {
  if (typeof value === 'string') {
    writer.varint(STRING_VALUE);
    writer.string(value);
  } else if (typeof value === 'number') {
    writeNumber(writer, value);
  } else if (typeof value === 'boolean') {
    writer.varint(BOOL_VALUE);
    writer.varint(value ? 1 : 0);
  } else if (value instanceof Uint8Array) {
    writer.varint(BYTES_VALUE);
    writer.bytes(value);
  } else if (Array.isArray(value)) {
    writer.varint(ARRAY_VALUE);
    const begun = writer.begin();
    for (const item of value) {
      writer.varint(ITEM);
      writeMessageOfValue(writer, item);
    }
    writer.end(begun);
  } else if (typeof value === 'object' && value !== null) {
    writer.varint(KVLIST_VALUE);
    const begun = writer.begin();
    writeAttributes(writer, value, ITEM);
    writer.end(begun);
  }
}

function writeNumber(writer: Writer, value: number): void {
  if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63) {
    writer.varint(INT_VALUE);
    writer.varint(value);
  } else {
    writer.varint(DOUBLE_VALUE);
    writer.double(value);
  }
}

/** Nanoseconds since 1970 as fixed64, of more bits than a double has: so the seconds' upper half goes its own way. */
export function writeTime(writer: Writer, [seconds, nanos]: HrTime): void {
  const upper = Math.floor(seconds / 65_536) * 1e9; // to be multiplied by 2 ** 16
  const lower = (seconds % 65_536) * 1e9 + nanos + (upper % 65_536) * 65_536;
  writer.fixed64(lower % 2 ** 32, Math.floor(upper / 65_536) + Math.floor(lower / 2 ** 32));
}

const RESOURCE_ATTRIBUTES = (1 << 3) | 2;
const RESOURCE_DROPPED_ATTRIBUTES = 2 << 3;

/** The content of a `Resource`. */
export function writeResource(writer: Writer, { attributes }: { attributes: Attributes }): void {
  writeAttributes(writer, attributes, RESOURCE_ATTRIBUTES);
  writer.varint(RESOURCE_DROPPED_ATTRIBUTES);
  writer.varint(0);
}

/** Scopes of loggers may carry attributes. */
export type Scope = InstrumentationScope & { attributes?: Attributes; droppedAttributesCount?: number };

const SCOPE_NAME = (1 << 3) | 2;
const SCOPE_VERSION = (2 << 3) | 2;
const SCOPE_ATTRIBUTES = (3 << 3) | 2;
const SCOPE_DROPPED_ATTRIBUTES = 4 << 3;

/** The content of an `InstrumentationScope`. */
export function writeScope(writer: Writer, { name, version, attributes, droppedAttributesCount }: Scope): void {
  writer.varint(SCOPE_NAME);
  writer.string(name);
  if (version) {
    writer.varint(SCOPE_VERSION);
    writer.string(version);
  }
  if (attributes) writeAttributes(writer, attributes, SCOPE_ATTRIBUTES);
  if (droppedAttributesCount) {
    writer.varint(SCOPE_DROPPED_ATTRIBUTES);
    writer.varint(droppedAttributesCount);
  }
}
