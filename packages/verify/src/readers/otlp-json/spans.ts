import type { Batch, SpanRecord } from '@clew/evidence';
import { type Message, message, messages, nanosToUs, string } from '../../json.ts';
import { attributesOf } from './attributes.ts';
import { hexId } from './id.ts';

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const STATUSES = ['UNSET', 'OK', 'ERROR'];

/** A list of ResourceSpans in JSON, as Tempo and Jaeger give it, one batch per resource. */
export function spanBatches(resourceSpans: unknown): Required<Pick<Batch, 'resource' | 'spans'>>[] {
  return messages(resourceSpans).map((ofResource) => ({
    resource: { attributes: attributesOf(message(ofResource.resource).attributes) },
    spans: messages(ofResource.scopeSpans).flatMap((ofScope) => {
      const scope = string(message(ofScope.scope).name);
      return messages(ofScope.spans).map((span) => spanOf(span, scope));
    }),
  }));
}

function spanOf(span: Message, scope: string): SpanRecord {
  const startUs = nanosToUs(span.startTimeUnixNano);
  const status = message(span.status);
  const parentSpanId = hexId('span', string(span.parentSpanId));
  const events = messages(span.events);
  const links = messages(span.links);
  return {
    traceId: hexId('trace', string(span.traceId)),
    spanId: hexId('span', string(span.spanId)),
    name: string(span.name),
    kind: enumOf(span.kind, 'SPAN_KIND_', KINDS),
    startUs,
    durationUs: Math.max(nanosToUs(span.endTimeUnixNano) - startUs, 0),
    status: enumOf(status.code, 'STATUS_CODE_', STATUSES),
    attributes: attributesOf(span.attributes),
    ...(scope !== '' && { scope }),
    ...(isParent(parentSpanId) && { parentSpanId }),
    ...(string(status.message) !== '' && { statusMessage: string(status.message) }),
    ...(events.length > 0 && { events: events.map(eventOf) }),
    ...(links.length > 0 && { links: links.map(linkOf) }),
  };
}

/** Enums are numbers in OTLP's JSON and names in protobuf's. */
function enumOf(value: unknown, prefix: string, names: string[]): number {
  if (typeof value === 'number') return value;
  return Math.max(names.indexOf(string(value).replace(prefix, '')), 0);
}

/** Some stores write a root's parent as zeros. */
function isParent(id: string): boolean {
  return id !== '' && !/^0+$/.test(id);
}

function eventOf(event: Message): NonNullable<SpanRecord['events']>[number] {
  return {
    name: string(event.name),
    timeUs: nanosToUs(event.timeUnixNano),
    attributes: attributesOf(event.attributes),
  };
}

function linkOf(link: Message): NonNullable<SpanRecord['links']>[number] {
  const ids = { traceId: hexId('trace', string(link.traceId)), spanId: hexId('span', string(link.spanId)) };
  return { ...ids, attributes: attributesOf(link.attributes) };
}
