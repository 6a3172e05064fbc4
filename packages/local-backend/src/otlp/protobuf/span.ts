import type { Attributes, SpanRecord } from '@clew/evidence';
import { readAttribute } from './common.ts';
import type { MessageReader } from './message-reader.ts';

/** Reads one Span of the scope that is called so. */
export function readSpan(r: MessageReader, scope: string): SpanRecord {
  const end = r.message();
  const span: SpanRecord = {
    traceId: '',
    spanId: '',
    name: '',
    kind: 0,
    startUs: 0,
    durationUs: 0,
    status: 0,
    scope,
    attributes: {},
  };
  let endUs = 0;
  while (r.more(end)) {
    switch (r.field()) {
      case 1:
        span.traceId = r.id() ?? '';
        break;
      case 2:
        span.spanId = r.id() ?? '';
        break;
      case 4: {
        const parent = r.id();
        if (parent !== undefined) span.parentSpanId = parent;
        break;
      }
      case 5:
        span.name = r.string();
        break;
      case 6:
        span.kind = r.varint();
        break;
      case 7:
        span.startUs = r.micros();
        break;
      case 8:
        endUs = r.micros();
        break;
      case 9:
        readAttribute(r, span.attributes);
        break;
      case 11:
        span.events ??= [];
        span.events.push(readEvent(r));
        break;
      case 13:
        span.links ??= [];
        span.links.push(readLink(r));
        break;
      case 15:
        readStatus(r, span);
        break;
      default:
        r.ignore();
    }
  }
  span.durationUs = endUs === 0 ? 0 : endUs - span.startUs;
  return span;
}

function readEvent(r: MessageReader): NonNullable<SpanRecord['events']>[number] {
  const end = r.message();
  const attributes: Attributes = {};
  let name = '';
  let timeUs = 0;
  while (r.more(end)) {
    switch (r.field()) {
      case 1:
        timeUs = r.micros();
        break;
      case 2:
        name = r.string();
        break;
      case 3:
        readAttribute(r, attributes);
        break;
      default:
        r.ignore();
    }
  }
  return { name, timeUs, attributes };
}

function readLink(r: MessageReader): NonNullable<SpanRecord['links']>[number] {
  const end = r.message();
  const attributes: Attributes = {};
  let traceId = '';
  let spanId = '';
  while (r.more(end)) {
    switch (r.field()) {
      case 1:
        traceId = r.id() ?? '';
        break;
      case 2:
        spanId = r.id() ?? '';
        break;
      case 4:
        readAttribute(r, attributes);
        break;
      default:
        r.ignore();
    }
  }
  return { traceId, spanId, attributes };
}

function readStatus(r: MessageReader, span: SpanRecord): void {
  const end = r.message();
  while (r.more(end)) {
    switch (r.field()) {
      case 2: {
        const message = r.string();
        if (message !== '') span.statusMessage = message;
        break;
      }
      case 3:
        span.status = r.varint();
        break;
      default:
        r.ignore();
    }
  }
}
