import { randomBytes } from 'node:crypto';
import { type Batch, type LogRecord, openEvidence, type PointRecord, type SpanRecord } from '../src/index.ts';
import { REQUEST_HISTOGRAM } from '../src/requests.ts';

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const START_US = Date.UTC(2026, 0, 1) * 1000;
const TRACES_PER_WRITE = 1000;

/** Fills a new evidence file with traces of four spans and four log lines across two services, every check holding. */
export function fill(file: string, traces: number): void {
  const evidence = openEvidence({ file });
  for (let first = 0; first < traces; first += TRACES_PER_WRITE) {
    const caller = batch('full-otel');
    const callee = batch('prom-otel');
    for (let i = first; i < Math.min(first + TRACES_PER_WRITE, traces); i += 1) addTrace(i, caller, callee);
    const done = Math.min(first + TRACES_PER_WRITE, traces);
    for (const { points, resource } of [caller, callee]) {
      const service = String(resource.attributes['service.name']);
      points.push(pointOf(service, START_US + done * 1000, done));
    }
    evidence.write([caller, callee]);
  }
  const tally = { generator: 'bench', method: 'GET', route: '/api/data', status: 200 };
  evidence.tally([
    { ...tally, service: 'full-otel', count: traces },
    { ...tally, service: 'prom-otel', count: 0 },
  ]);
  evidence.close();
}

function batch(service: string): Required<Batch> {
  const attributes = {
    'service.name': service,
    'service.namespace': 'clew',
    'service.version': '0.1.0',
    'service.instance.id': `${service}-1`,
    'deployment.environment.name': 'bench',
  };
  return { resource: { attributes }, spans: [], logs: [], points: [], exemplars: [] };
}

function addTrace(number: number, caller: Required<Batch>, callee: Required<Batch>): void {
  const traceId = randomBytes(16).toString('hex');
  const ids = Array.from({ length: 4 }, () => randomBytes(8).toString('hex'));
  const span = (place: number, kind: number, name: string, parent?: string): SpanRecord => ({
    traceId,
    spanId: ids[place] ?? '',
    ...(parent !== undefined && { parentSpanId: parent }),
    name,
    kind,
    startUs: START_US + number * 1000 + place * 100,
    durationUs: 3000 - place * 200,
    status: 0,
    scope: 'clew.http',
    attributes: {
      'http.request.method': 'GET',
      ...(kind === 2 && { 'http.route': '/api/data' }),
      ...(kind === 3 && { 'server.address': '127.0.0.1', 'server.port': 8081 }),
      'url.scheme': 'http',
      'url.path': '/api/data',
      'test.run.id': '67113cf9-c684-42f3-b64d-0f1e6f257bc3',
      'test.scenario': 'bench',
      'user_agent.original': 'node',
      'network.protocol.version': '1.1',
      'http.response.status_code': 200,
    },
  });
  const root = span(0, 2, 'GET /api/data');
  const client = span(1, 3, 'GET', ids[0]);
  const server = span(2, 2, 'GET /api/data', ids[1]);
  const work = {
    ...span(3, 1, 'load users', ids[2]),
    attributes: { 'code.function.name': 'loadUsers', count: number },
  };
  caller.spans.push(root, client);
  callee.spans.push(server, work);
  caller.logs.push(line(root, 'request completed'), line(client, 'asked the peer'));
  callee.logs.push(line(server, 'request completed'), line(work, 'users loaded'));
  if (number % 100 > 0) return;
  for (const [{ exemplars, resource }, { spanId, durationUs, startUs }] of [
    [caller, root],
    [callee, server],
  ] as const) {
    const value = durationUs / 1e6;
    const labels = labelsOf(String(resource.attributes['service.name']));
    const timeUs = startUs + durationUs;
    exemplars.push({ metric: REQUEST_HISTOGRAM, labels, le: 0.005, value, timeUs, traceId, spanId, source: 'otlp' });
  }
}

function line(span: SpanRecord, body: string): LogRecord {
  const { traceId, spanId } = span;
  const attributes = { ...span.attributes, 'http.server.request.duration': 0.0030123 };
  const timeUs = span.startUs + span.durationUs;
  return { timeUs, level: 'info', body, traceId, spanId, traceFlags: 1, attributes, source: 'otlp' };
}

function labelsOf(service: string): Record<string, string> {
  return {
    service_name: service,
    http_request_method: 'GET',
    http_route: '/api/data',
    http_response_status_code: '200',
  };
}

function pointOf(service: string, timeUs: number, count: number): PointRecord {
  const counts = [count, ...BOUNDS.map(() => 0)];
  return {
    metric: REQUEST_HISTOGRAM,
    type: 'histogram',
    labels: labelsOf(service),
    timeUs,
    startUs: START_US - 1000,
    source: 'otlp',
    histogram: { bounds: BOUNDS, counts, sum: count * 0.003, count },
  };
}
