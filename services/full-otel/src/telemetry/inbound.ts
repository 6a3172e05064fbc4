import type { IncomingHttpHeaders } from 'node:http';
import { type Attributes, type Context, type Link, propagation, trace } from '@opentelemetry/api';
import { ROOT } from './root-context.ts';

const ALLOWED_BAGGAGE = ['test.run.id', 'test.scenario', 'synthetic'];
const ALLOWED_VALUE = /^[\w.-]{1,64}$/;
const trustedListener = process.env.TRUST_INBOUND_TRACE === 'true';

/** What a request brings along: the parent of its span, links, and the baggage that may go further. */
export interface Inbound {
  parent: Context;
  links: Link[];
  baggage: Attributes;
}

const NOTHING: Inbound = { parent: ROOT, links: [], baggage: {} };

/**
 * Reads trace context and baggage from the headers of a request.
 *
 * A listener that strangers can reach does not continue their traces: they would choose our trace ids and our sampling.
 * It starts a new root and keeps theirs as a link. `TRUST_INBOUND_TRACE=true` continues the caller's trace. Baggage
 * passes an allow-list either way.
 */
export function readInbound(headers: IncomingHttpHeaders, trusted = trustedListener): Inbound {
  const extracted = propagation.extract(ROOT, headers);
  if (extracted === ROOT) return NOTHING;
  const remote = trace.getSpanContext(extracted);
  const parent = trusted && remote ? trace.setSpanContext(ROOT, remote) : ROOT;
  const links = !trusted && remote ? [{ context: remote }] : [];
  return { links, ...withAllowedBaggage(parent, extracted) };
}

/** The allowed entries of the baggage in `carrier`, as attributes. */
export function baggageAttributes(carrier: Context): Attributes {
  const attributes: Attributes = {};
  for (const [name, entry] of propagation.getBaggage(carrier)?.getAllEntries() ?? []) {
    if (ALLOWED_BAGGAGE.includes(name) && ALLOWED_VALUE.test(entry.value)) attributes[name] = entry.value;
  }
  return attributes;
}

function withAllowedBaggage(parent: Context, extracted: Context): { parent: Context; baggage: Attributes } {
  const baggage = baggageAttributes(extracted);
  const entries = Object.entries(baggage).map(([name, value]) => [name, { value: String(value) }] as const);
  if (entries.length === 0) return { parent, baggage };
  return { parent: propagation.setBaggage(parent, propagation.createBaggage(Object.fromEntries(entries))), baggage };
}
