import type { Answer, Asked } from './fake-server.ts';
import { notFound } from './fake-server.ts';
import { BOUNDS, bucketOf, endUs, NAMESPACE, SCRAPE_US, type Served } from './requests.ts';

const METRIC = 'http_server_request_duration_seconds';

interface Series {
  labels: Record<string, string>;
  /** The requests that it counts. */
  counts: (request: Served) => boolean;
  requests: Served[];
}

/** Speaks Prometheus' query API over what scrapes of these requests would have stored; `before` were counted long ago. */
export function fakePrometheus(requests: Served[], { before = 0, prefix = '' } = {}): (asked: Asked) => Answer {
  const all = seriesOf(requests);
  return ({ path, query }) => {
    switch (path.replace(prefix, '')) {
      case '/api/v1/query':
        return success(answerQuery(all, before, query));
      case '/api/v1/query_exemplars':
        return success(answerExemplars(requests, between(query)));
      case '/api/v1/label/__name__/values':
        return success([...new Set(all.map(({ labels }) => labels.__name__))]);
      case '/api/v1/series': {
        const [, name] = /__name__="([^"]*)"/.exec(query.get('match[]') ?? '') ?? [];
        return success(all.filter(({ labels }) => labels.__name__ === name).map(({ labels }) => labels));
      }
      default:
        return notFound;
    }
  };
}

function success(data: unknown): Answer {
  return { json: { status: 'success', data } };
}

function between(query: URLSearchParams): { sinceUs: number; untilUs: number } {
  return { sinceUs: Number(query.get('start')) * 1e6, untilUs: Number(query.get('end')) * 1e6 };
}

function seriesOf(requests: Served[]): Series[] {
  const groups = Map.groupBy(requests, ({ service, route, status }) => `${service} ${route} ${status}`);
  return [...groups.values()].flatMap((ofGroup) => {
    const [first] = ofGroup;
    if (!first) return [];
    const labels = { ...seriesLabels(first) };
    const bucket = (le: number): Series => ({
      labels: { __name__: `${METRIC}_bucket`, ...labels, le: le === Number.POSITIVE_INFINITY ? '+Inf' : String(le) },
      counts: (request) => request.durationUs / 1e6 <= le,
      requests: ofGroup,
    });
    const part = (name: string): Series => ({
      labels: { __name__: `${METRIC}_${name}`, ...labels },
      counts: () => true,
      requests: ofGroup,
    });
    return [...[...BOUNDS, Number.POSITIVE_INFINITY].map(bucket), part('count'), part('sum')];
  });
}

function seriesLabels({ service, route, status }: Served): Record<string, string> {
  return {
    service_name: service,
    service_namespace: NAMESPACE,
    service_instance_id: `${service}-0`,
    http_request_method: 'GET',
    http_route: route,
    http_response_status_code: String(status),
  };
}

/** `vector(1)`, and raw samples by `{...}[range]`. */
function answerQuery(all: Series[], before: number, query: URLSearchParams): unknown {
  const text = query.get('query') ?? '';
  const [, name, rangeMs] = /__name__=~?"([^"]*)".*\[(\d+)ms\]$/.exec(text) ?? [];
  if (name === undefined) return { resultType: 'vector', result: [{ metric: {}, value: [0, '1'] }] };
  const untilUs = Number(query.get('time')) * 1e6;
  const sinceUs = untilUs - Number(rangeMs) * 1000;
  const result = all
    .filter(({ labels }) => new RegExp(`^(?:${name})$`).test(labels.__name__ ?? ''))
    .map((series) => ({ metric: series.labels, values: samples(series, before, sinceUs, untilUs) }))
    .filter(({ values }) => values.length > 0);
  return { resultType: 'matrix', result };
}

/** A series appears with the first request that it counts, unless its process was there before. */
function samples(
  { counts, requests, labels }: Series,
  before: number,
  sinceUs: number,
  untilUs: number,
): [number, string][] {
  const found: [number, string][] = [];
  for (let timeUs = Math.ceil((sinceUs + 1) / SCRAPE_US) * SCRAPE_US; timeUs <= untilUs; timeUs += SCRAPE_US) {
    if (timeUs > Date.now() * 1000) break;
    const done = requests.filter((request) => endUs(request) <= timeUs);
    if (done.length === 0 && before === 0) continue;
    const value = labels.__name__?.endsWith('_sum')
      ? done.reduce((sum, { durationUs }) => sum + durationUs / 1e6, before)
      : before + done.filter(counts).length;
    found.push([timeUs / 1e6, String(value)]);
  }
  return found;
}

/** The first request of each bucket and scrape. */
function answerExemplars(requests: Served[], { sinceUs, untilUs }: { sinceUs: number; untilUs: number }): unknown {
  const first = new Map<string, Served>();
  for (const request of requests) {
    const key = `${request.service} ${request.route} ${bucketOf(request)} ${Math.ceil(endUs(request) / SCRAPE_US)}`;
    if (!first.has(key)) first.set(key, request);
  }
  return [...first.values()]
    .filter((request) => endUs(request) >= sinceUs && endUs(request) <= untilUs)
    .map((request) => ({
      seriesLabels: {
        __name__: `${METRIC}_bucket`,
        ...seriesLabels(request),
        le: bucketOf(request) === Number.POSITIVE_INFINITY ? '+Inf' : String(bucketOf(request)),
      },
      exemplars: [
        {
          labels: { trace_id: request.traceId, span_id: request.spanId },
          value: String(request.durationUs / 1e6),
          timestamp: endUs(request) / 1e6,
        },
      ],
    }));
}
