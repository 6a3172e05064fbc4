import type { SpanRecord } from '@clew/evidence';
import { nothingReceived, type Received } from '../received.ts';
import { acceptSpan } from '../span.ts';
import { readResource, readScopeName } from './common.ts';
import { MessageReader } from './message-reader.ts';
import { readSpan } from './span.ts';

// opentelemetry/proto/trace/v1/trace.proto

/** Decodes an ExportTraceServiceRequest. Throws when the bytes are malformed. */
export function readTraces(bytes: Uint8Array): Received {
  const r = new MessageReader(bytes);
  const received = nothingReceived();
  while (r.more(r.len)) {
    if (r.field() === 1) readResourceSpans(r, received);
    else r.ignore();
  }
  return received;
}

function readResourceSpans(r: MessageReader, received: Received): void {
  const end = r.message();
  const resource = readResource(r, end);
  const spans: SpanRecord[] = [];
  while (r.more(end)) {
    if (r.field() === 2) readScopeSpans(r, spans, received);
    else r.ignore();
  }
  if (spans.length > 0) received.batches.push({ resource, spans });
}

function readScopeSpans(r: MessageReader, spans: SpanRecord[], received: Received): void {
  const end = r.message();
  const scope = readScopeName(r, end);
  while (r.more(end)) {
    if (r.field() === 2) acceptSpan(readSpan(r, scope), spans, received);
    else r.ignore();
  }
}
