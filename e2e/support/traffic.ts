import type { Attributes, Batch, Evidence, LogRecord, SpanRecord } from '@clew/evidence';

// What full-otel and prom-otel send, in the shapes of docs/signals.md, without the services.

const METRIC = 'http_server_request_duration_seconds';
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const STEP_US = 5_000_000;
const SERVICES = ['full-otel', 'prom-otel'] as const;
type Service = (typeof SERVICES)[number];
type Telemetry = Required<Batch>;

const ROUTES = [
  { route: '/api/users', seconds: 0.0006 },
  { route: '/api/users/:id', seconds: 0.0005 },
  { route: '/api/data', seconds: 0.004 },
  { route: '/api/slow', seconds: 0.12 },
  { route: '/api/error', seconds: 0.001, fails: true },
] as const;

/**
 * Writes the telemetry of so many requests of the last four minutes: spans, completion lines, exceptions, histograms
 * and exemplars of both services, some calls from one to the other. Every run writes the same but for the time.
 */
export function writeTraffic(evidence: Evidence, { requests }: { requests: number }): void {
  const random = seeded(7);
  const endUs = Date.now() * 1000;
  const startUs = endUs - 240_000_000;
  const counts = new Map<string, { service: Service; labels: Record<string, string>; counts: number[] }>();
  let pending = emptyBatches();
  let nextPointsUs = startUs + STEP_US;

  for (let i = 0; i < requests; i += 1) {
    const timeUs = Math.round(startUs + (i / requests) * (endUs - startUs));
    const { route, seconds, ...kind } = ROUTES[Math.floor(random() ** 1.4 * ROUTES.length)] ?? ROUTES[0];
    const status = 'fails' in kind ? ([500, 502, 504][i % 3] ?? 500) : 200;
    const durationUs = Math.round(seconds * 1e6 * Math.exp(2.2 * (random() - 0.5)) * (random() < 0.02 ? 12 : 1));
    const service = SERVICES[i % 2] as Service; // one of two
    const span = serve(pending[service], service, { timeUs, durationUs, route, status });
    if (route === '/api/data') callPeer(pending, service, span);
    const series = measure(counts, service, span);
    if (i % 11 === 0) {
      const ids = { traceId: span.traceId, spanId: span.spanId };
      const value = durationUs / 1e6;
      const le = BOUNDS.find((bound) => value <= bound) ?? Number.POSITIVE_INFINITY;
      const source = service === 'full-otel' ? 'otlp' : 'scrape';
      pending[service].exemplars.push({ metric: METRIC, labels: series, le, value, timeUs, ...ids, source });
    }
    if (timeUs < nextPointsUs) continue;
    nextPointsUs += STEP_US;
    for (const { service, labels, counts: buckets } of counts.values()) {
      const histogram = { bounds: BOUNDS, counts: [...buckets], count: buckets.reduce((sum, n) => sum + n, 0) };
      const source = service === 'full-otel' ? 'otlp' : 'scrape';
      pending[service].points.push({ metric: METRIC, type: 'histogram', labels, timeUs, startUs, source, histogram });
    }
    evidence.write(Object.values(pending));
    pending = emptyBatches();
  }
  evidence.write(Object.values(pending));
}

/** A trace of one span and its completion line. */
export function writeTrace(
  evidence: Evidence,
  over: Partial<SpanRecord> = {},
  line: Partial<LogRecord> = {},
): SpanRecord {
  const pending = emptyBatches()['full-otel'];
  const span = serve(pending, 'full-otel', {
    timeUs: Date.now() * 1000,
    durationUs: 2000,
    route: '/api/users',
    status: 200,
  });
  Object.assign(span, over);
  for (const log of pending.logs) Object.assign(log, { traceId: span.traceId, spanId: span.spanId }, line);
  evidence.write([pending]);
  return span;
}

let ids = 0;
const traceId = () => (0xc1e0_0000 + ++ids).toString(16).padStart(32, '0');
const spanId = () => (0x5a00_0000 + ++ids).toString(16).padStart(16, '0');

interface Served {
  timeUs: number;
  durationUs: number;
  route: string;
  status: number;
}

/** A SERVER span with its lines; a request that fails writes its exception, too. */
function serve(to: Telemetry, service: Service, request: Served, parent?: SpanRecord): SpanRecord {
  const { timeUs, durationUs, route, status } = request;
  const attributes: Attributes = {
    'http.request.method': 'GET',
    'http.route': route,
    'url.scheme': 'http',
    'url.path': route.replace(':id', '17'),
    'http.response.status_code': status,
    ...(status >= 500 && { 'error.type': status === 500 ? 'Error' : 'dependency' }),
  };
  const span: SpanRecord = {
    traceId: parent?.traceId ?? traceId(),
    spanId: spanId(),
    ...(parent && { parentSpanId: parent.spanId }),
    name: `GET ${route}`,
    kind: 2,
    startUs: timeUs,
    durationUs,
    status: status >= 500 ? 2 : 0,
    scope: 'clew.http',
    attributes,
  };
  to.spans.push(span);
  const line = {
    timeUs: timeUs + durationUs,
    level: status >= 500 ? 'error' : 'info',
    traceId: span.traceId,
    spanId: span.spanId,
    traceFlags: 1,
    source: service === 'full-otel' ? 'otlp' : 'stdout',
  } as const;
  if (status === 500) to.logs.push({ ...line, body: 'request failed', attributes: exception });
  const duration = { 'http.server.request.duration': durationUs / 1e6 };
  to.logs.push({ ...line, body: 'request completed', attributes: { ...attributes, ...duration } });
  return span;
}

const exception = {
  'exception.type': 'Error',
  'exception.message': 'nobody has thought of this case',
  'exception.stacktrace':
    'Error: nobody has thought of this case\n    at fail (src/error.ts:32:13)\n    at handler (src/error.ts:22:5)',
};

function callPeer(batches: Record<Service, Telemetry>, caller: Service, parent: SpanRecord): void {
  const peer = caller === 'full-otel' ? 'prom-otel' : 'full-otel';
  const call: SpanRecord = {
    traceId: parent.traceId,
    spanId: spanId(),
    parentSpanId: parent.spanId,
    name: 'GET',
    kind: 3,
    startUs: parent.startUs + Math.round(parent.durationUs * 0.15),
    durationUs: Math.round(parent.durationUs * 0.7),
    status: 0,
    scope: '@opentelemetry/instrumentation-undici',
    attributes: { 'http.request.method': 'GET', 'server.address': '127.0.0.1', 'http.response.status_code': 200 },
  };
  batches[caller].spans.push(call);
  const [timeUs, durationUs] = [call.startUs + Math.round(call.durationUs * 0.3), Math.round(call.durationUs * 0.5)];
  serve(batches[peer], peer, { timeUs, durationUs, route: '/api/users', status: 200 }, call);
}

/** Counts a request in its series and returns the labels. */
function measure(
  counts: Map<string, { service: Service; labels: Record<string, string>; counts: number[] }>,
  service: Service,
  { attributes, durationUs }: SpanRecord,
): Record<string, string> {
  const { 'url.path': _path, ...counted } = attributes;
  const labels = Object.fromEntries(
    Object.entries(counted).map(([name, value]) => [name.replaceAll('.', '_'), String(value)]),
  );
  labels.service_name = service;
  const key = JSON.stringify(labels);
  const series = counts.get(key) ?? { service, labels, counts: Array.from({ length: BOUNDS.length + 1 }, () => 0) };
  counts.set(key, series);
  const bucket = BOUNDS.findIndex((bound) => durationUs / 1e6 <= bound);
  const i = bucket === -1 ? BOUNDS.length : bucket;
  series.counts[i] = (series.counts[i] ?? 0) + 1;
  return labels;
}

function emptyBatches(): Record<Service, Telemetry> {
  const batch = (service: Service): Telemetry => ({
    resource: { attributes: { 'service.name': service, 'service.namespace': 'clew', 'service.version': '0.1.0' } },
    spans: [],
    logs: [],
    points: [],
    exemplars: [],
  });
  return { 'full-otel': batch('full-otel'), 'prom-otel': batch('prom-otel') };
}

/** Numbers from 0 to 1, the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
