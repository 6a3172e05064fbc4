import { SeverityNumber } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { writeAttributes, writeMessageOfValue, writeTime } from './encode-common.ts';
import type { Writer } from './writer.ts';

// Tags of `LogRecord`: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto
const TIME = (1 << 3) | 1;
const SEVERITY_NUMBER = 2 << 3;
const SEVERITY_TEXT = (3 << 3) | 2;
const BODY = (5 << 3) | 2;
const ATTRIBUTES = (6 << 3) | 2;
const DROPPED_ATTRIBUTES = 7 << 3;
const FLAGS = (8 << 3) | 5;
const TRACE_ID = (9 << 3) | 2;
const SPAN_ID = (10 << 3) | 2;
const OBSERVED_TIME = (11 << 3) | 1;
const EVENT_NAME = (12 << 3) | 2;

/** The content of a `LogRecord`, with the fields in the order in which the official serializer writes them. */
export function writeLogRecord(writer: Writer, record: ReadableLogRecord): void {
  const { severityNumber, severityText, body, spanContext, eventName } = record;
  writer.varint(TIME);
  writeTime(writer, record.hrTime);
  if (severityNumber !== undefined && severityNumber !== SeverityNumber.UNSPECIFIED) {
    writer.varint(SEVERITY_NUMBER);
    writer.varint(severityNumber);
  }
  if (severityText) {
    writer.varint(SEVERITY_TEXT);
    writer.string(severityText);
  }
  if (body !== undefined) {
    writer.varint(BODY);
    writeMessageOfValue(writer, body);
  }
  writeAttributes(writer, record.attributes, ATTRIBUTES);
  writer.varint(DROPPED_ATTRIBUTES);
  writer.varint(record.droppedAttributesCount);
  if (spanContext?.traceFlags) {
    writer.varint(FLAGS);
    writer.fixed32(spanContext.traceFlags);
  }
  if (spanContext?.traceId) {
    writer.varint(TRACE_ID);
    writer.hex(spanContext.traceId);
  }
  if (spanContext?.spanId) {
    writer.varint(SPAN_ID);
    writer.hex(spanContext.spanId);
  }
  writer.varint(OBSERVED_TIME);
  writeTime(writer, record.hrTimeObserved);
  if (eventName) {
    writer.varint(EVENT_NAME);
    writer.string(eventName);
  }
}
