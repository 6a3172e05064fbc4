import type { Link, SpanContext, SpanStatus } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import { writeAttributes, writeTime } from './encode-common.ts';
import type { Writer } from './writer.ts';

// Tags of `Span`: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
const TRACE_ID = (1 << 3) | 2;
const SPAN_ID = (2 << 3) | 2;
const TRACE_STATE = (3 << 3) | 2;
const PARENT_SPAN_ID = (4 << 3) | 2;
const NAME = (5 << 3) | 2;
const KIND = 6 << 3;
const START_TIME = (7 << 3) | 1;
const END_TIME = (8 << 3) | 1;
const ATTRIBUTES = (9 << 3) | 2;
const DROPPED_ATTRIBUTES = 10 << 3;
const EVENTS = (11 << 3) | 2;
const DROPPED_EVENTS = 12 << 3;
const LINKS = (13 << 3) | 2;
const DROPPED_LINKS = 14 << 3;
const STATUS = (15 << 3) | 2;
const FLAGS = (16 << 3) | 5;

/** The content of a `Span`, with the fields in the order in which the official serializer writes them. */
export function writeSpan(writer: Writer, span: ReadableSpan): void {
  const context = span.spanContext();
  writeIds(writer, context);
  const { parentSpanContext: parent } = span;
  if (parent?.spanId) {
    writer.varint(PARENT_SPAN_ID);
    writer.hex(parent.spanId);
  }
  writer.varint(NAME);
  writer.string(span.name);
  writer.varint(KIND);
  writer.varint(span.kind + 1); // OTLP begins with UNSPECIFIED, the API with INTERNAL
  writer.varint(START_TIME);
  writeTime(writer, span.startTime);
  writer.varint(END_TIME);
  writeTime(writer, span.endTime);
  writeAttributes(writer, span.attributes, ATTRIBUTES);
  writer.varint(DROPPED_ATTRIBUTES);
  writer.varint(span.droppedAttributesCount);
  for (const event of span.events) writeEvent(writer, event);
  writer.varint(DROPPED_EVENTS);
  writer.varint(span.droppedEventsCount);
  for (const link of span.links) writeLink(writer, link);
  writer.varint(DROPPED_LINKS);
  writer.varint(span.droppedLinksCount);
  writeStatus(writer, span.status);
  writer.varint(FLAGS);
  writer.fixed32(flags(context.traceFlags, parent?.isRemote));
}

/** The same three fields begin a span and a link. */
function writeIds(writer: Writer, { traceId, spanId, traceState }: SpanContext): void {
  writer.varint(TRACE_ID);
  writer.hex(traceId);
  writer.varint(SPAN_ID);
  writer.hex(spanId);
  const state = traceState?.serialize();
  if (state) {
    writer.varint(TRACE_STATE);
    writer.string(state);
  }
}

const EVENT_TIME = (1 << 3) | 1;
const EVENT_NAME = (2 << 3) | 2;
const EVENT_ATTRIBUTES = (3 << 3) | 2;
const EVENT_DROPPED_ATTRIBUTES = 4 << 3;

function writeEvent(writer: Writer, { name, time, attributes, droppedAttributesCount }: TimedEvent): void {
  writer.varint(EVENTS);
  const begun = writer.begin();
  writer.varint(EVENT_TIME);
  writeTime(writer, time);
  writer.varint(EVENT_NAME);
  writer.string(name);
  if (attributes) writeAttributes(writer, attributes, EVENT_ATTRIBUTES);
  writer.varint(EVENT_DROPPED_ATTRIBUTES);
  writer.varint(droppedAttributesCount || 0);
  writer.end(begun);
}

const LINK_ATTRIBUTES = (4 << 3) | 2;
const LINK_DROPPED_ATTRIBUTES = 5 << 3;
const LINK_FLAGS = (6 << 3) | 5;

function writeLink(writer: Writer, { context, attributes, droppedAttributesCount }: Link): void {
  writer.varint(LINKS);
  const begun = writer.begin();
  writeIds(writer, context);
  if (attributes) writeAttributes(writer, attributes, LINK_ATTRIBUTES);
  writer.varint(LINK_DROPPED_ATTRIBUTES);
  writer.varint(droppedAttributesCount || 0);
  writer.varint(LINK_FLAGS);
  writer.fixed32(flags(context.traceFlags, context.isRemote));
  writer.end(begun);
}

const STATUS_MESSAGE = (2 << 3) | 2;
const STATUS_CODE = 3 << 3;

function writeStatus(writer: Writer, { code, message }: SpanStatus): void {
  writer.varint(STATUS);
  const begun = writer.begin();
  if (message) {
    writer.varint(STATUS_MESSAGE);
    writer.string(message);
  }
  writer.varint(STATUS_CODE);
  writer.varint(code);
  writer.end(begun);
}

const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** W3C's flags, and whether the parent (of a link: the linked span) is of another process. */
function flags(traceFlags: number, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote ? IS_REMOTE : 0);
}
