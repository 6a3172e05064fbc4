import type { Attributes, Resource } from '@clew/evidence';
import { jsonDouble, maxDepth, setAttribute } from '../attributes.ts';
import type { MessageReader } from './message-reader.ts';

// opentelemetry/proto/common/v1/common.proto and resource/v1/resource.proto

/** Reads one KeyValue into `attributes`. */
export function readAttribute(r: MessageReader, attributes: Attributes, depth = 0): void {
  const end = r.message();
  let key = '';
  let value: unknown = null;
  while (r.more(end)) {
    switch (r.field()) {
      case 1:
        key = r.string();
        break;
      case 2:
        value = readAnyValue(r, depth);
        break;
      default:
        r.ignore();
    }
  }
  setAttribute(attributes, key, value);
}

/** Reads one AnyValue as a JSON value; bytes become base64, integers that a number cannot hold become strings. */
export function readAnyValue(r: MessageReader, depth = 0): unknown {
  if (depth > maxDepth) throw new RangeError(`a value is nested deeper than ${maxDepth}`);
  const end = r.message();
  let value: unknown = null;
  while (r.more(end)) {
    switch (r.field()) {
      case 1:
        value = r.string();
        break;
      case 2:
        value = r.bool();
        break;
      case 3:
        value = r.integer();
        break;
      case 4:
        value = jsonDouble(r.double());
        break;
      case 5:
        value = readArray(r, depth + 1);
        break;
      case 6:
        value = readMap(r, depth + 1);
        break;
      case 7:
        value = Buffer.from(r.bytes()).toString('base64');
        break;
      default:
        r.ignore();
    }
  }
  return value;
}

function readArray(r: MessageReader, depth: number): unknown[] {
  const end = r.message();
  const values: unknown[] = [];
  while (r.more(end)) {
    if (r.field() === 1) values.push(readAnyValue(r, depth));
    else r.ignore();
  }
  return values;
}

function readMap(r: MessageReader, depth: number): Attributes {
  const end = r.message();
  const attributes: Attributes = {};
  while (r.more(end)) {
    if (r.field() === 1) readAttribute(r, attributes, depth);
    else r.ignore();
  }
  return attributes;
}

/**
 * Reads the resource of a ResourceSpans, ResourceMetrics or ResourceLogs that ends at `end`, then goes back to where
 * it started: protobuf lets the records come before the resource that they belong to.
 */
export function readResource(r: MessageReader, end: number): Resource {
  const start = r.pos;
  const attributes: Attributes = {};
  while (r.more(end)) {
    if (r.field() === 1) readResourceAttributes(r, attributes);
    else r.ignore();
  }
  r.pos = start;
  return { attributes };
}

function readResourceAttributes(r: MessageReader, attributes: Attributes): void {
  const end = r.message();
  while (r.more(end)) {
    if (r.field() === 1) readAttribute(r, attributes);
    else r.ignore();
  }
}

/** Reads the name of the InstrumentationScope in a ScopeSpans that ends at `end`, then goes back likewise. */
export function readScopeName(r: MessageReader, end: number): string {
  const start = r.pos;
  let name = '';
  while (r.more(end)) {
    if (r.field() !== 1) {
      r.ignore();
      continue;
    }
    const scopeEnd = r.message();
    while (r.more(scopeEnd)) {
      if (r.field() === 1) name = r.string();
      else r.ignore();
    }
  }
  r.pos = start;
  return name;
}
