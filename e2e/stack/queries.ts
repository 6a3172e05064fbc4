import assert from 'node:assert/strict';
import type { Stores } from './stores.ts';

// What a dashboard would ask, by other code than clew verify's.

export interface StoredExemplar {
  le: string;
  value: number;
  traceId: string;
  spanId: string;
}

export interface StoredSpan {
  service: string;
  spanId: string;
  kind: number;
  seconds: number;
  attributes: Map<string, unknown>;
}

export interface Sample {
  labels: Record<string, string>;
  value: number;
}

const DURATION_BUCKETS = 'http_server_request_duration_seconds_bucket';

/** Exemplars of the request histogram of one service. */
export async function exemplarsOf({ prometheus }: Stores, selector: string, since: number): Promise<StoredExemplar[]> {
  const query = {
    query: `${DURATION_BUCKETS}${selector}`,
    start: String(since / 1000),
    end: String(Date.now() / 1000),
  };
  const series = await ask<{ seriesLabels: { le: string }; exemplars: RawExemplar[] }[]>(
    `${prometheus.url}/api/v1/query_exemplars`,
    query,
  );
  return series.flatMap(({ seriesLabels: { le }, exemplars }) =>
    exemplars.map(({ labels: { trace_id, span_id, ...others }, value }) => {
      assert.deepEqual(others, {}, 'labels beside the ids');
      return { le, value: Number(value), traceId: trace_id, spanId: span_id };
    }),
  );
}

interface RawExemplar {
  labels: { trace_id: string; span_id: string };
  value: string;
}

/** The last value of each series in the last hour, whether it is still written or not. */
export async function lastValues({ prometheus }: Stores, selector: string): Promise<Sample[]> {
  const query = `last_over_time(${selector}[1h])`;
  const { result } = await ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
    `${prometheus.url}/api/v1/query`,
    { query },
  );
  return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

export async function sum(stores: Stores, selector: string): Promise<number> {
  return (await lastValues(stores, selector)).reduce((total, { value }) => total + value, 0);
}

/** What a LogQL query counts between two times, in milliseconds. */
export async function countLines({ loki }: Stores, query: string, since: number): Promise<number> {
  const seconds = Math.ceil((Date.now() - since) / 1000);
  const { result } = await ask<{ result: { value: [number, string] }[] }>(`${loki.url}/loki/api/v1/query`, {
    query: `sum(count_over_time(${query} [${seconds}s]))`,
  });
  return Number(result[0]?.value[1] ?? 0);
}

export interface StoredLine {
  /** Of the stream and of the line. */
  labels: Record<string, string>;
  line: string;
}

/** The lines of a LogQL query, the newest of them when there are more than `limit`. */
export async function linesOf({ loki }: Stores, query: string, since: number, limit = 1000): Promise<StoredLine[]> {
  const { result } = await ask<{ result: { stream: Record<string, string>; values: [string, string][] }[] }>(
    `${loki.url}/loki/api/v1/query_range`,
    { query, start: `${since}000000`, limit: String(limit) },
  );
  return result.flatMap(({ stream, values }) => values.map(([, line]) => ({ labels: stream, line })));
}

/** The spans of a trace; none where Jaeger does not have it. */
export async function spansOf({ jaeger }: Stores, traceId: string): Promise<StoredSpan[]> {
  const response = await fetch(`${jaeger.url}/api/v3/traces/${traceId}`);
  if (response.status === 404) return [];
  const { result } = (await response.json()) as { result: { resourceSpans: RawResourceSpans[] } };
  return result.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(attributesOf(resource.attributes).get('service.name'));
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ spanId, kind, startTimeUnixNano, endTimeUnixNano, attributes }) => ({
        service,
        spanId,
        kind,
        seconds: Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e9,
        attributes: attributesOf(attributes),
      })),
    );
  });
}

interface RawAttribute {
  key: string;
  value: Record<string, unknown>;
}

interface RawResourceSpans {
  resource: { attributes: RawAttribute[] };
  scopeSpans: {
    spans: {
      spanId: string;
      kind: number;
      startTimeUnixNano: string;
      endTimeUnixNano: string;
      attributes?: RawAttribute[];
    }[];
  }[];
}

function attributesOf(list: RawAttribute[] = []): Map<string, unknown> {
  return new Map(list.map(({ key, value }) => [key, Object.values(value)[0]]));
}

async function ask<Data>(url: string, query: Record<string, string>): Promise<Data> {
  const response = await fetch(`${url}?${new URLSearchParams(query)}`);
  const text = await response.text();
  assert.ok(response.ok, `${url}: ${response.status} ${text}`);
  return (JSON.parse(text) as { data: Data }).data;
}
