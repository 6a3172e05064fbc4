import type { LogRecord } from '@clew/evidence';
import { acceptLog, bodyText, levelOf } from '../log.ts';
import { nothingReceived, type Received } from '../received.ts';
import {
  anyValue,
  attributes,
  id,
  int32,
  integer,
  type Message,
  message,
  messages,
  micros,
  resource,
  string,
} from './values.ts';

/** Reads an ExportLogsServiceRequest from parsed JSON. Throws with the name of the field that is not as it should be. */
export function readLogsJson(request: unknown): Received {
  const received = nothingReceived();
  for (const resourceLogs of messages(message(request, 'request').resourceLogs, 'resourceLogs')) {
    const logs: LogRecord[] = [];
    for (const scopeLogs of messages(resourceLogs.scopeLogs, 'scopeLogs')) {
      for (const log of messages(scopeLogs.logRecords, 'logRecords')) acceptLog(readLog(log), logs, received);
    }
    if (logs.length > 0) received.batches.push({ resource: resource(resourceLogs.resource), logs });
  }
  return received;
}

function readLog(json: Message): LogRecord {
  const timeUs = micros(json.timeUnixNano, 'timeUnixNano');
  const observedUs = micros(json.observedTimeUnixNano, 'observedTimeUnixNano');
  const severityText = string(json.severityText, 'severityText');
  const level = levelOf(int32(json.severityNumber, 'severityNumber'), severityText);
  const traceId = id(json.traceId, 'traceId');
  const spanId = id(json.spanId, 'spanId');
  const eventName = string(json.eventName, 'eventName');
  return {
    timeUs: timeUs === 0 ? observedUs : timeUs,
    body: bodyText(anyValue(json.body, 'body')),
    attributes: {
      ...attributes(json.attributes, 'attributes'),
      ...(eventName !== '' && { 'event.name': eventName }),
    },
    source: 'otlp',
    ...(level !== undefined && { level }),
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
    ...(json.flags !== undefined && { traceFlags: integer(json.flags, 'flags') & 0xff }),
  };
}
