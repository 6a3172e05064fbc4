import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Listener, listen } from '../listener.ts';
import type { Store } from '../store/store.ts';
import { HttpError, readBody } from './http-body.ts';
import { readLogsJson } from './json/logs.ts';
import { readMetricsJson } from './json/metrics.ts';
import { readTracesJson } from './json/traces.ts';
import { readLogs } from './protobuf/logs.ts';
import { readMetrics } from './protobuf/metrics.ts';
import { exportResponse, statusMessage } from './protobuf/responses.ts';
import { readTraces } from './protobuf/traces.ts';
import type { Outcome, Receive } from './receive.ts';
import type { Received, Signal } from './received.ts';
import { grpcCode, httpStatus } from './status-codes.ts';

interface Route {
  signal: Signal;
  read: (bytes: Uint8Array) => Received;
  readJson: (request: unknown) => Received;
  refusedField: string;
}

const routes = new Map<string, Route>([
  ['/v1/traces', { signal: 'traces', read: readTraces, readJson: readTracesJson, refusedField: 'rejectedSpans' }],
  [
    '/v1/metrics',
    { signal: 'metrics', read: readMetrics, readJson: readMetricsJson, refusedField: 'rejectedDataPoints' },
  ],
  ['/v1/logs', { signal: 'logs', read: readLogs, readJson: readLogsJson, refusedField: 'rejectedLogRecords' }],
]);

const protobuf = 'application/x-protobuf';
const json = 'application/json';

/**
 * Listens for OTLP over HTTP, in protobuf and JSON; bodies of at most `maxBytes`, before and after decompression.
 * Rejects when the port cannot be had. https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function listenHttp(
  host: string,
  port: number,
  maxBytes: number,
  receive: Receive,
  store: Store,
): Promise<Listener> {
  const server = createServer((request, response) => void respond(request, response));
  return listen(server, host, port, () => server.closeAllConnections());

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const route = routes.get(request.url?.split('?', 1)[0] ?? '');
    try {
      if (route === undefined) throw new HttpError(404, `OTLP is received on ${[...routes.keys()].join(', ')}`);
      const outcome = await handle(request, type, route);
      if (outcome.kind === 'stored') sendStored(response, type, route, outcome);
      if (outcome.kind === 'error') sendError(response, type, outcome);
      if (outcome.kind === 'drop') request.socket.destroy();
    } catch (error) {
      const { status, message } = error instanceof HttpError ? error : new HttpError(500, String(error));
      if (route !== undefined) store.gap('rejected', route.signal, `HTTP ${status}`);
      if (status === 405) response.setHeader('allow', 'POST');
      sendError(response, type, { code: status, message });
      // A client that is still sending reads the answer only when it has sent everything.
      request.resume();
    }
  }

  async function handle(request: IncomingMessage, type: string, route: Route): Promise<Outcome> {
    if (request.method !== 'POST') throw new HttpError(405, `${request.method} is not possible, only POST`);
    if (type !== protobuf && type !== json) {
      throw new HttpError(415, `content-type ${type || '(none)'}: use ${protobuf} or ${json}`);
    }
    const body = await readBody(request, maxBytes);
    const decode = () => (type === json ? route.readJson(JSON.parse(body.toString())) : route.read(body));
    return receive(route.signal, decode, () => request.socket.destroyed);
  }
}

function sendStored(
  response: ServerResponse,
  type: string,
  { refusedField }: Route,
  { refused, reason }: Outcome & { kind: 'stored' },
): void {
  const partialSuccess = { [refusedField]: String(refused), errorMessage: reason };
  if (type === protobuf) send(response, 200, protobuf, exportResponse(refused, reason));
  else send(response, 200, json, JSON.stringify(refused > 0 ? { partialSuccess } : {}));
}

/** A google.rpc.Status in the encoding of the request; JSON when that is not known. */
function sendError(
  response: ServerResponse,
  type: string,
  { code, message, retryAfterMs }: { code: number; message: string; retryAfterMs?: number },
): void {
  if (retryAfterMs !== undefined) response.setHeader('retry-after', Math.ceil(retryAfterMs / 1000));
  if (type === protobuf) send(response, httpStatus(code), protobuf, statusMessage(grpcCode(code), message));
  else send(response, httpStatus(code), json, JSON.stringify({ code: grpcCode(code), message }));
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}
