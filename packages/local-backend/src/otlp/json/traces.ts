import type { SpanRecord } from '@clew/evidence';
import { nothingReceived, type Received } from '../received.ts';
import { acceptSpan } from '../span.ts';
import { attributes, id, int32, type Message, message, messages, micros, resource, string } from './values.ts';

/** Reads an ExportTraceServiceRequest from parsed JSON. Throws with the name of the field that is not as it should be. */
export function readTracesJson(request: unknown): Received {
  const received = nothingReceived();
  for (const resourceSpans of messages(message(request, 'request').resourceSpans, 'resourceSpans')) {
    const spans: SpanRecord[] = [];
    for (const scopeSpans of messages(resourceSpans.scopeSpans, 'scopeSpans')) {
      const scope = string(message(scopeSpans.scope, 'scope').name, 'scope.name');
      for (const span of messages(scopeSpans.spans, 'spans')) acceptSpan(readSpan(span, scope), spans, received);
    }
    if (spans.length > 0) received.batches.push({ resource: resource(resourceSpans.resource), spans });
  }
  return received;
}

function readSpan(json: Message, scope: string): SpanRecord {
  const status = message(json.status, 'status');
  const startUs = micros(json.startTimeUnixNano, 'startTimeUnixNano');
  const endUs = micros(json.endTimeUnixNano, 'endTimeUnixNano');
  const parentSpanId = id(json.parentSpanId, 'parentSpanId');
  const statusMessage = string(status.message, 'status.message');
  const events = messages(json.events, 'events').map(readEvent);
  const links = messages(json.links, 'links').map(readLink);
  return {
    traceId: id(json.traceId, 'traceId') ?? '',
    spanId: id(json.spanId, 'spanId') ?? '',
    name: string(json.name, 'name'),
    kind: int32(json.kind, 'kind'),
    startUs,
    durationUs: endUs === 0 ? 0 : endUs - startUs,
    status: int32(status.code, 'status.code'),
    scope,
    attributes: attributes(json.attributes, 'attributes'),
    ...(parentSpanId !== undefined && { parentSpanId }),
    ...(statusMessage !== '' && { statusMessage }),
    ...(events.length > 0 && { events }),
    ...(links.length > 0 && { links }),
  };
}

function readEvent(json: Message): NonNullable<SpanRecord['events']>[number] {
  return {
    name: string(json.name, 'events.name'),
    timeUs: micros(json.timeUnixNano, 'events.timeUnixNano'),
    attributes: attributes(json.attributes, 'events.attributes'),
  };
}

function readLink(json: Message): NonNullable<SpanRecord['links']>[number] {
  return {
    traceId: id(json.traceId, 'links.traceId') ?? '',
    spanId: id(json.spanId, 'links.spanId') ?? '',
    attributes: attributes(json.attributes, 'links.attributes'),
  };
}
