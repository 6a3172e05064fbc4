import {
  type Batch,
  type Evidence,
  type LogRecord,
  openEvidence,
  type SpanRecord,
  type TallyRecord,
} from '../src/index.ts';

export const HISTOGRAM = 'http_server_request_duration_seconds';
/** When the first request of a run starts. */
export const START_US = Date.UTC(2026, 0, 1) * 1000;

type Telemetry = Required<Batch>;
type Service = 'full-otel' | 'prom-otel';
interface Request {
  service: Service;
  route?: string;
  status?: number;
}

/** Telemetry of two services and what a generator says it sent. Tests take pieces out of it. */
export interface Run {
  'full-otel': Telemetry;
  'prom-otel': Telemetry;
  tallies: TallyRecord[];
}

let ids = 0;
export const traceId = () => `a${(++ids).toString(16).padStart(31, '0')}`;
export const spanId = () => `b${(++ids).toString(16).padStart(15, '0')}`;

/** A run in which everything agrees: answers, an error, no route, a client that went away, a call from peer to peer. */
export function goodRun(): Run {
  const run: Run = { 'full-otel': telemetry('full-otel'), 'prom-otel': telemetry('prom-otel'), tallies: [] };
  for (let i = 0; i < 3; i += 1) sendRequest(run, { service: 'full-otel', route: '/api/users', status: 200 });
  sendRequest(run, { service: 'full-otel', route: '/api/error', status: 500 });
  sendRequest(run, { service: 'full-otel', status: 404 });
  sendRequest(run, { service: 'prom-otel', route: '/api/slow' });
  const caller = sendRequest(run, { service: 'full-otel', route: '/api/data', status: 200 });
  const client = callPeer(run, caller);
  receive(run, { service: 'prom-otel', route: '/api/data', status: 200 }, client);
  return run;
}

/** Writes a run, one batch per service. */
export function evidenceOf(run: Run, evidence: Evidence = openEvidence()): Evidence {
  evidence.write([run['full-otel'], run['prom-otel']]);
  evidence.tally(run.tallies);
  return evidence;
}

/** A request from the generator. */
export function sendRequest(run: Run, request: Request): SpanRecord {
  run.tallies.push({ generator: 'load', method: 'GET', count: 1, ...request });
  return receive(run, request);
}

/** The CLIENT span of full-otel's call, without anyone who receives it. */
export function callPeer(run: Run, caller: SpanRecord, status?: number): SpanRecord {
  const client: SpanRecord = {
    traceId: caller.traceId,
    spanId: spanId(),
    parentSpanId: caller.spanId,
    name: 'GET',
    kind: 3,
    status: 0,
    startUs: caller.startUs + 100,
    durationUs: 800,
    attributes: {
      'http.request.method': 'GET',
      'server.address': '127.0.0.1',
      'server.port': 8081,
      ...(status === undefined ? {} : { 'http.response.status_code': status }),
    },
  };
  run['full-otel'].spans.push(client);
  return client;
}

/** What a service emits for a request: SERVER span, completion line, point and exemplar. */
export function receive(run: Run, { service, route, status }: Request, parent?: SpanRecord): SpanRecord {
  const { spans, logs, exemplars } = run[service];
  const attributes = {
    'http.request.method': 'GET',
    ...(route === undefined ? {} : { 'http.route': route }),
    ...(status === undefined ? { 'error.type': 'aborted' } : { 'http.response.status_code': status }),
  };
  const span: SpanRecord = {
    traceId: parent?.traceId ?? traceId(),
    spanId: spanId(),
    name: `GET ${route ?? ''}`,
    kind: 2,
    status: status === 500 ? 2 : 0,
    startUs: START_US + spans.length * 10_000,
    durationUs: 1000,
    attributes,
    ...(parent && { parentSpanId: parent.spanId }),
  };
  const endUs = span.startUs + span.durationUs;
  spans.push(span);
  logs.push(completionLine(span, service));
  const labels = countRequest(run[service], span);
  const ids = { traceId: span.traceId, spanId: span.spanId };
  exemplars.push({ metric: HISTOGRAM, labels, le: 0.005, value: 0.001, timeUs: endUs, ...ids, source: 'otlp' });
  return span;
}

export function completionLine(span: SpanRecord, service: Service): LogRecord {
  return {
    timeUs: span.startUs + span.durationUs,
    level: 'info',
    body: 'request completed',
    traceId: span.traceId,
    spanId: span.spanId,
    traceFlags: 1,
    attributes: span.attributes,
    source: service === 'full-otel' ? 'otlp' : 'stdout',
  };
}

/** Adds the request to its series' point and returns the labels. */
export function countRequest({ points }: Telemetry, { attributes }: SpanRecord): Record<string, string> {
  const labels = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name.replaceAll('.', '_'), String(value)]),
  );
  const same = points.find((point) => JSON.stringify(point.labels) === JSON.stringify(labels));
  const count = (same?.histogram?.count ?? 0) + 1;
  if (same) points.splice(points.indexOf(same), 1);
  points.push({
    metric: HISTOGRAM,
    type: 'histogram',
    labels,
    timeUs: START_US,
    startUs: START_US - 5,
    source: 'otlp',
    histogram: { bounds: [0.005, 0.01], counts: [count, 0, 0], sum: count / 1000, count },
  });
  return labels;
}

export function telemetry(service: string): Telemetry {
  return { resource: { attributes: { 'service.name': service } }, spans: [], logs: [], points: [], exemplars: [] };
}
