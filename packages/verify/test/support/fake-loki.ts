import { type Answer, type Asked, notFound } from './fake-server.ts';
import { endUs, NAMESPACE, type Served } from './requests.ts';

/** Speaks Loki's query API over completion lines: full-otel's came as OTLP, prom-otel's as JSON lines of a file. */
export function fakeLoki(requests: Served[], { mostEntries = 5000 } = {}): (asked: Asked) => Answer {
  const entries = requests.map(entryOf).sort((a, b) => a.us - b.us);
  return ({ path, query, headers }) => {
    if (path === '/loki/api/v1/labels') return { json: { status: 'success', data: ['service_name'] } };
    if (path !== '/loki/api/v1/query_range') return notFound;
    const limit = Number(query.get('limit'));
    if (limit > mostEntries) {
      return {
        text: `max entries limit per query exceeded, limit > max_entries_limit_per_query (${limit} > ${mostEntries})\n`,
        status: 400,
      };
    }
    const [start, end] = [BigInt(query.get('start') ?? 0), BigInt(query.get('end') ?? 0)];
    const page = entries.filter(({ us }) => BigInt(us) * 1000n >= start && BigInt(us) * 1000n < end).slice(0, limit);
    const categorized = headers['x-loki-response-encoding-flags'] === 'categorize-labels';
    const result = page.map(({ us, labels, metadata, line }) =>
      categorized
        ? { stream: labels, values: [[`${us}000`, line, { structuredMetadata: metadata }]] }
        : { stream: { ...labels, ...metadata }, values: [[`${us}000`, line]] },
    );
    return { json: { status: 'success', data: { resultType: 'streams', result, stats: {} } } };
  };
}

interface Entry {
  us: number;
  labels: Record<string, string>;
  metadata: Record<string, string>;
  line: string;
}

function entryOf(request: Served): Entry {
  const { service, route, status, durationUs, traceId, spanId } = request;
  const labels = { service_name: service, service_namespace: NAMESPACE, service_instance_id: `${service}-0` };
  const us = endUs(request);
  const ids = { trace_id: traceId, span_id: spanId };
  if (service === 'prom-otel') {
    const fields = { 'http.request.method': 'GET', 'http.route': route, 'http.response.status_code': status };
    const line = { level: 'info', time: us / 1000, msg: 'request completed', ...ids, trace_flags: '01', ...fields };
    return { us, labels, metadata: { ...ids, detected_level: 'info' }, line: JSON.stringify(line) };
  }
  const metadata = {
    ...ids,
    flags: '1',
    severity_number: '9',
    severity_text: 'info',
    observed_timestamp: `${us}000`,
    scope_name: 'full-otel',
    detected_level: 'info',
    service_version: '0.1.0',
    http_request_method: 'GET',
    http_route: route,
    http_response_status_code: String(status),
    http_server_request_duration: String(durationUs / 1e6),
  };
  return { us, labels, metadata, line: 'request completed' };
}
