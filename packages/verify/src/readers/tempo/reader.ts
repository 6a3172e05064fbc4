import type { Client } from '../../http/client.ts';
import { wrongStore } from '../../http/store-error.ts';
import { message, messages, string } from '../../json.ts';
import { padTraceId } from '../otlp-json/id.ts';
import { spanBatches } from '../otlp-json/spans.ts';
import type { Scope, Sink, TraceReader, Window } from '../reader.ts';
import { escapeRegex, quote } from '../selector.ts';

/** Traces of one search; Tempo has no pages, so a search that is full is asked again in two halves. */
const PAGE = 200;
const SHORTEST_US = 1_000_000;

/** Reads traces from Tempo: lists them by TraceQL, gets each by its id. https://grafana.com/docs/tempo/latest/api_docs/ */
export function createTempoReader(client: Client, scope: Scope, sink: Sink): TraceReader {
  return {
    async ping() {
      const answer = message(await client.get('/api/search', { q: '{}', limit: 1 }));
      // Of no traces it says nothing but its metrics.
      if (answer.traces === undefined && answer.metrics === undefined) throw wrongStore(client);
    },
    close: () => client.close(),
    list: (window, services) => search(client, traceQl(scope, services), window),
    async resolve(traceId) {
      // Of an id that it does not know it gives a trace without spans; a 404 says that the route is not there.
      const answer = await client.get(`/api/v2/traces/${traceId}`);
      const { trace, status, message: why } = message(answer);
      const batches = spanBatches(message(trace).resourceSpans);
      sink.write(batches);
      if (status === 'PARTIAL') sink.gap('traces', `Tempo gave a part of a trace only: ${string(why)}`);
      return batches.some(({ spans }) => spans.length > 0);
    },
  };
}

async function* search(client: Client, query: string, window: Window): AsyncGenerator<string, boolean> {
  let complete = true;
  const parts = [window];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const { sinceUs, untilUs } = part;
    const ids = await searchPart(client, query, part);
    yield* ids;
    if (ids.length < PAGE) continue;
    const middle = Math.floor((sinceUs + untilUs) / 2);
    if (untilUs - sinceUs <= SHORTEST_US) complete = false;
    else parts.push({ sinceUs, untilUs: middle }, { sinceUs: middle, untilUs });
  }
  return complete;
}

async function searchPart(client: Client, q: string, { sinceUs, untilUs }: Window): Promise<string[]> {
  // It takes whole seconds; checks leave out what is outside the window.
  const times = { start: Math.floor(sinceUs / 1e6), end: Math.ceil(untilUs / 1e6) };
  const answer = message(await client.get('/api/search', { q, ...times, limit: PAGE, spss: 1 }));
  const ids = messages(answer.traces).map(({ traceID }) => padTraceId(string(traceID)));
  return ids.filter((id) => /^[0-9a-f]{32}$/.test(id));
}

function traceQl({ namespace, services }: Scope, known: string[]): string {
  const wanted = services.length > 0 ? services : namespace === undefined ? known : [];
  const conditions = [
    ...(namespace === undefined ? [] : [`resource.service.namespace = ${quote(namespace)}`]),
    ...(wanted.length === 0 ? [] : [`resource.service.name =~ ${quote(wanted.map(escapeRegex).join('|'))}`]),
  ];
  return `{ ${conditions.join(' && ')} }`;
}
