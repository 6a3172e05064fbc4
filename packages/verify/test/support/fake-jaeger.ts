import { type Answer, type Asked, notFound } from './fake-server.ts';
import { otlpStyle, resourceSpans } from './otlp.ts';
import type { Served } from './requests.ts';

const NONE: Answer = { json: { error: { httpCode: 404, message: 'No traces found' } }, status: 404 };

/** Speaks Jaeger's API v3 over the spans of these requests. */
export function fakeJaeger(requests: Served[]): (asked: Asked) => Answer {
  const traces = Map.groupBy(requests, ({ traceId }) => traceId);
  return ({ path, query }) => {
    if (path === '/api/v3/services')
      return { json: { services: [...new Set(requests.map(({ service }) => service))] } };
    if (path === '/api/v3/traces') {
      const [since, until] = ['query.start_time_min', 'query.start_time_max'].map(
        (name) => Date.parse(query.get(name) ?? '') * 1000,
      );
      const found = [...traces.values()].filter((trace) =>
        trace.some(({ service, startUs }) => {
          return service === query.get('query.service_name') && startUs >= (since ?? 0) && startUs < (until ?? 0);
        }),
      );
      const page = found.slice(0, Number(query.get('query.num_traces')));
      return page.length > 0 ? answer(page.flat()) : NONE;
    }
    if (!path.startsWith('/api/v3/traces/')) return notFound;
    const trace = traces.get(path.slice('/api/v3/traces/'.length));
    return trace ? answer(trace) : NONE;
  };
}

function answer(requests: Served[]): Answer {
  const byTrace = Map.groupBy(requests, ({ traceId }) => traceId);
  return {
    json: { result: { resourceSpans: [...byTrace.values()].flatMap((trace) => resourceSpans(trace, otlpStyle)) } },
  };
}
