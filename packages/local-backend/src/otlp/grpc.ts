import {
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer, type Socket } from 'node:net';
import { type Listener, listen } from '../listener.ts';
import type { Store } from '../store/store.ts';
import { frameMessage, readMessage } from './grpc-message.ts';
import { HttpError } from './http-body.ts';
import { readLogs } from './protobuf/logs.ts';
import { readMetrics } from './protobuf/metrics.ts';
import { exportResponse, statusMessage } from './protobuf/responses.ts';
import { readTraces } from './protobuf/traces.ts';
import type { Receive } from './receive.ts';
import type { Received, Signal } from './received.ts';
import { grpcCode, grpcStatus } from './status-codes.ts';

/** The limit of most gRPC receivers, the Collector's and Alloy's among them. */
const maxBytes = 4 * 1024 * 1024;
/**
 * What a client may send ahead, in one request and in all of its connection. Receivers in Go let it grow under load;
 * with HTTP/2's own 64 KB a batch of a megabyte takes twenty turns of a busy sender's event loop, and what it cannot
 * queue meanwhile is lost.
 */
const windowBytes = 4 * maxBytes;

interface Method {
  signal: Signal;
  read: (bytes: Uint8Array) => Received;
}

const methods = new Map<string | undefined, Method>([
  ['/opentelemetry.proto.collector.trace.v1.TraceService/Export', { signal: 'traces', read: readTraces }],
  ['/opentelemetry.proto.collector.metrics.v1.MetricsService/Export', { signal: 'metrics', read: readMetrics }],
  ['/opentelemetry.proto.collector.logs.v1.LogsService/Export', { signal: 'logs', read: readLogs }],
]);

/** What is written down about a request that was refused before it was decoded, by the HTTP status that says the same. */
const gapReasons: Record<number, string> = {
  400: 'malformed request',
  413: 'request over 4 MiB',
  415: 'unknown compression',
};

const commonHeaders = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-accept-encoding': 'identity,gzip,deflate',
};

/**
 * Listens for OTLP over gRPC. Rejects when the port cannot be had.
 *
 * By Node's own HTTP/2: the server of grpc-js has no setting for flow control windows
 * (https://github.com/grpc/grpc-node/pull/3058), and three unary methods need little else of it.
 * https://opentelemetry.io/docs/specs/otlp/#otlpgrpc, https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function listenGrpc(host: string, port: number, receive: Receive, store: Store): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const session = performServerHandshake(socket, { settings: { initialWindowSize: windowBytes } });
    session.setLocalWindowSize(windowBytes);
    session.on('error', () => socket.destroy()); // it speaks something else, or is gone
    session.on('stream', (stream, headers) => {
      stream.on('error', () => {}); // a client that gave up
      void respond(stream, headers, socket);
    });
  });
  // The sockets and not the sessions, which would tell their clients CANCELLED instead of UNAVAILABLE.
  return listen(server, host, port, () => sockets.forEach((socket) => void socket.destroy()));

  async function respond(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, socket: Socket): Promise<void> {
    const { ':path': path, 'content-type': type } = headers;
    if (!type?.startsWith('application/grpc')) return stream.respond({ ':status': 415 }, { endStream: true });
    const method = methods.get(path);
    try {
      if (method === undefined) throw new HttpError(501, `${path}: only ${[...methods.keys()].join(', ')}`);
      const message = await readMessage(stream, headers['grpc-encoding']?.toString(), maxBytes);
      const decode = () => method.read(message);
      const outcome = await receive(method.signal, decode, () => stream.closed);
      if (outcome.kind === 'stored') sendStored(stream, outcome.refused, outcome.reason);
      if (outcome.kind === 'error') sendError(stream, outcome);
      if (outcome.kind === 'drop') socket.destroy();
    } catch (error) {
      if (stream.closed) return; // given up in the middle of it
      const { status, message } = error instanceof HttpError ? error : new HttpError(500, String(error));
      if (method !== undefined) store.gap('rejected', method.signal, gapReasons[status] ?? `HTTP ${status}`);
      sendError(stream, { code: status, message });
      stream.resume(); // what still comes is not kept
    }
  }
}

function sendStored(stream: ServerHttp2Stream, refused: number, reason: string): void {
  if (stream.closed) return;
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': grpcStatus.OK }));
  stream.respond(commonHeaders, { waitForTrailers: true });
  stream.end(frameMessage(exportResponse(refused, reason)));
}

/** `code` is an HTTP status or a gRPC code. */
function sendError(
  stream: ServerHttp2Stream,
  { code, message, retryAfterMs }: { code: number; message: string; retryAfterMs?: number },
): void {
  if (stream.closed) return;
  const status = grpcCode(code);
  const headers: OutgoingHttpHeaders = {
    ...commonHeaders,
    'grpc-status': status,
    'grpc-message': encodeURI(message.toWellFormed()),
  };
  if (retryAfterMs !== undefined) {
    headers['grpc-status-details-bin'] = statusMessage(status, message, retryAfterMs).toString('base64');
  }
  stream.respond(headers, { endStream: true });
}
