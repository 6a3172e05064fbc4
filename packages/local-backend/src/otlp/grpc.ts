import { createServer, type Socket } from 'node:net';
import { type handleUnaryCall, Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { type Listener, listen } from '../listener.ts';
import type { Store } from '../store/store.ts';
import { readLogs } from './protobuf/logs.ts';
import { readMetrics } from './protobuf/metrics.ts';
import { exportResponse, statusMessage } from './protobuf/responses.ts';
import { readTraces } from './protobuf/traces.ts';
import type { Outcome, Receive } from './receive.ts';
import type { Received, Signal } from './received.ts';
import { grpcCode } from './status-codes.ts';

/** The limit of most gRPC receivers, the Collector's and Alloy's among them. */
const maxBytes = 4 * 1024 * 1024;
/** grpc-js refuses a message without telling anybody. Ours tells, so that a gap can be written; this is a last resort. */
const transportMaxBytes = 16 * maxBytes;

const services: [name: string, signal: Signal, read: (bytes: Uint8Array) => Received][] = [
  ['opentelemetry.proto.collector.trace.v1.TraceService', 'traces', readTraces],
  ['opentelemetry.proto.collector.metrics.v1.MetricsService', 'metrics', readMetrics],
  ['opentelemetry.proto.collector.logs.v1.LogsService', 'logs', readLogs],
];

/**
 * Listens for OTLP over gRPC. Rejects when the port cannot be had.
 * https://opentelemetry.io/docs/specs/otlp/#otlpgrpc
 */
export function listenGrpc(host: string, port: number, receive: Receive, store: Store): Promise<Listener> {
  const server = new Server({ 'grpc.max_receive_message_length': transportMaxBytes });
  const sockets = new Map<string, Socket>();
  for (const [name, signal, read] of services) {
    const path = `/${name}/Export`;
    // Bytes pass as they are: what grpc-js cannot deserialize it answers with INTERNAL, where OTLP asks for INVALID_ARGUMENT.
    const bytes = (buffer: Buffer) => buffer;
    const definition = { path, requestStream: false, responseStream: false, requestSerialize: bytes };
    server.addService(
      { Export: { ...definition, requestDeserialize: bytes, responseSerialize: bytes, responseDeserialize: bytes } },
      { Export: exportHandler(signal, read, receive, store, (peer) => sockets.get(peer)?.destroy()) },
    );
  }

  // The sockets are ours, so that a fault can destroy one and an error on listening is Node's own.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = createServer((socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    sockets.set(peer, socket);
    socket.on('close', () => sockets.delete(peer));
    injector.injectConnection(socket);
  });
  return listen(listener, host, port, () => {
    // First the sockets: calls under way then end as UNAVAILABLE, where grpc-js would make them CANCELLED.
    for (const socket of sockets.values()) socket.destroy();
    server.forceShutdown();
  });
}

function exportHandler(
  signal: Signal,
  read: (bytes: Uint8Array) => Received,
  receive: Receive,
  store: Store,
  destroy: (peer: string) => void,
): handleUnaryCall<Buffer, Buffer> {
  return async (call, callback) => {
    const bytes = call.request;
    if (bytes.length > maxBytes) {
      store.gap('rejected', signal, 'request over 4 MiB');
      const details = `message of ${bytes.length} bytes, at most ${maxBytes} are taken: send smaller batches`;
      return callback({ code: status.RESOURCE_EXHAUSTED, details });
    }
    const outcome = await receive(
      signal,
      () => read(bytes),
      () => call.cancelled,
    );
    if (outcome.kind === 'stored') callback(null, exportResponse(outcome.refused, outcome.reason));
    if (outcome.kind === 'error') callback(errorStatus(outcome));
    if (outcome.kind === 'drop') destroy(call.getPeer());
  };
}

function errorStatus({ code, message, retryAfterMs }: Outcome & { kind: 'error' }) {
  const metadata = new Metadata();
  if (retryAfterMs !== undefined) {
    metadata.set('grpc-status-details-bin', statusMessage(grpcCode(code), message, retryAfterMs));
  }
  return { code: grpcCode(code), details: message, metadata };
}
