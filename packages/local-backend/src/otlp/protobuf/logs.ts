import type { LogRecord } from '@clew/evidence';
import { acceptLog, bodyText, levelOf } from '../log.ts';
import { nothingReceived, type Received } from '../received.ts';
import { readAnyValue, readAttribute, readResource } from './common.ts';
import { MessageReader } from './message-reader.ts';

// opentelemetry/proto/logs/v1/logs.proto

/** Decodes an ExportLogsServiceRequest. Throws when the bytes are malformed. */
export function readLogs(bytes: Uint8Array): Received {
  const r = new MessageReader(bytes);
  const received = nothingReceived();
  while (r.more(r.len)) {
    if (r.field() === 1) readResourceLogs(r, received);
    else r.ignore();
  }
  return received;
}

function readResourceLogs(r: MessageReader, received: Received): void {
  const end = r.message();
  const resource = readResource(r, end);
  const logs: LogRecord[] = [];
  while (r.more(end)) {
    if (r.field() === 2) readScopeLogs(r, logs, received);
    else r.ignore();
  }
  if (logs.length > 0) received.batches.push({ resource, logs });
}

function readScopeLogs(r: MessageReader, logs: LogRecord[], received: Received): void {
  const end = r.message();
  while (r.more(end)) {
    if (r.field() === 2) acceptLog(readLog(r), logs, received);
    else r.ignore();
  }
}

function readLog(r: MessageReader): LogRecord {
  const end = r.message();
  const log: LogRecord = { timeUs: 0, body: '', attributes: {}, source: 'otlp' };
  let observedUs = 0;
  let severityNumber = 0;
  let severityText = '';
  while (r.more(end)) {
    switch (r.field()) {
      case 1:
        log.timeUs = r.micros();
        break;
      case 2:
        severityNumber = r.varint();
        break;
      case 3:
        severityText = r.string();
        break;
      case 5:
        log.body = bodyText(readAnyValue(r));
        break;
      case 6:
        readAttribute(r, log.attributes);
        break;
      case 8:
        log.traceFlags = r.fixed32() & 0xff;
        break;
      case 9: {
        const traceId = r.id();
        if (traceId !== undefined) log.traceId = traceId;
        break;
      }
      case 10: {
        const spanId = r.id();
        if (spanId !== undefined) log.spanId = spanId;
        break;
      }
      case 11:
        observedUs = r.micros();
        break;
      case 12:
        log.attributes['event.name'] = r.string();
        break;
      default:
        r.ignore();
    }
  }
  if (log.timeUs === 0) log.timeUs = observedUs;
  const level = levelOf(severityNumber, severityText);
  if (level !== undefined) log.level = level;
  return log;
}
