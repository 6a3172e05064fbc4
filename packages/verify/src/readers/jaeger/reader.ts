import type { Client, Query } from '../../http/client.ts';
import { StoreError, wrongStore } from '../../http/store-error.ts';
import { list, message, string } from '../../json.ts';
import { spanBatches } from '../otlp-json/spans.ts';
import type { Scope, Sink, TraceReader, Window } from '../reader.ts';

/** Traces of one question. It comes with all their spans and has no pages: a full answer is asked again in two halves. */
const PAGE = 50;
const SHORTEST_US = 1000;

/** Reads traces from Jaeger's OTLP-shaped API, https://www.jaegertracing.io/docs/latest/architecture/apis/ */
export function createJaegerReader(client: Client, scope: Scope, sink: Sink): TraceReader {
  const written = new Set<string>();
  const write = (answer: unknown): string[] => {
    const batches = spanBatches(resourceSpansOf(answer));
    const ids = new Set(batches.flatMap(({ spans }) => spans.map(({ traceId }) => traceId)));
    const fresh = batches.map(({ resource, spans }) => ({
      resource,
      spans: spans.filter((span) => !written.has(span.traceId)),
    }));
    sink.write(fresh);
    for (const id of ids) written.add(id);
    return [...ids];
  };

  return {
    async ping() {
      await servicesOf(client);
    },
    close: () => client.close(),
    async *list(window, services) {
      const named = scope.services.length > 0 ? scope.services : services;
      const all = named.length > 0 ? named : await servicesOf(client);
      let complete = true;
      for (const service of all) complete = (yield* listService(client, service, window, write)) && complete;
      return complete;
    },
    async resolve(traceId) {
      if (written.has(traceId)) return true;
      return write(await client.get(`/api/v3/traces/${traceId}`, {}, { missing: true })).length > 0;
    },
  };
}

async function* listService(
  client: Client,
  service: string,
  window: Window,
  write: (answer: unknown) => string[],
): AsyncGenerator<string, boolean> {
  let complete = true;
  const parts = [window];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const { sinceUs, untilUs } = part;
    const shortest = untilUs - sinceUs <= SHORTEST_US;
    const ids = await listPart(client, service, part, write).catch((error: unknown) => {
      if (error instanceof StoreError && error.tooLarge && !shortest) return undefined;
      throw error;
    });
    yield* ids ?? [];
    if (ids !== undefined && ids.length < PAGE) continue;
    const middle = Math.floor((sinceUs + untilUs) / 2);
    if (shortest) complete = false;
    else parts.push({ sinceUs, untilUs: middle }, { sinceUs: middle, untilUs });
  }
  return complete;
}

async function listPart(
  client: Client,
  service: string,
  part: Window,
  write: (answer: unknown) => string[],
): Promise<string[]> {
  // Where nothing is found it answers 404.
  return write(await client.get('/api/v3/traces', question(service, part), { missing: true }));
}

/** Jaeger 2 has renamed the number of traces; either version takes no notice of the other's name. */
function question(service: string, { sinceUs, untilUs }: Window): Query {
  return {
    'query.service_name': service,
    'query.start_time_min': isoTime(sinceUs),
    'query.start_time_max': isoTime(untilUs),
    'query.num_traces': PAGE,
    'query.search_depth': PAGE,
  };
}

async function servicesOf(client: Client): Promise<string[]> {
  const { services } = message(await client.get('/api/v3/services'));
  if (!Array.isArray(services)) throw wrongStore(client);
  return list(services).map(string);
}

function resourceSpansOf(answer: unknown): unknown {
  const { result, resourceSpans } = message(answer);
  return message(result).resourceSpans ?? resourceSpans;
}

/** RFC 3339 with microseconds. */
function isoTime(us: number): string {
  const fraction = String(us % 1_000_000).padStart(6, '0');
  return new Date(Math.floor(us / 1e6) * 1000).toISOString().replace('.000Z', `.${fraction}Z`);
}
