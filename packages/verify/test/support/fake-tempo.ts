import { type Answer, type Asked, notFound } from './fake-server.ts';
import { protobufStyle, resourceSpans } from './otlp.ts';
import type { Served } from './requests.ts';

/** Speaks Tempo's search and trace API over the spans of these requests. */
export function fakeTempo(requests: Served[]): (asked: Asked) => Answer {
  const traces = Map.groupBy(requests, ({ traceId }) => traceId);
  return ({ path, query }) => {
    if (path === '/api/search') {
      const { start = '0', end = String(Number.MAX_SAFE_INTEGER), limit = '20' } = Object.fromEntries(query);
      const found = requests.filter(({ parentSpanId, startUs }) => {
        return parentSpanId === undefined && startUs >= Number(start) * 1e6 && startUs < Number(end) * 1e6;
      });
      // It leaves out leading zeros of an id.
      const list = found
        .slice(0, Number(limit))
        .map(({ traceId, service }) => ({ traceID: traceId.replace(/^0+/, ''), rootServiceName: service }));
      return { json: { traces: list, metrics: { inspectedTraces: found.length } } };
    }
    if (!path.startsWith('/api/v2/traces/')) return notFound;
    const trace = traces.get(path.replace('/api/v2/traces/', ''));
    // Of an unknown id it gives a trace without spans.
    return { json: { trace: trace ? { resourceSpans: resourceSpans(trace, protobufStyle) } : {}, metrics: {} } };
  };
}
