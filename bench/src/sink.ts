import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';

const EMPTY_RESPONSE = Buffer.alloc(5); // a gRPC message of no bytes: every OTLP response may be empty

// As collectors in Go grow theirs under load. With HTTP/2's 64 KB a batch of a megabyte takes twenty turns of the sender's
// event loop, which a saturated server makes 50 ms long: then the collector, and not the service, loses spans.
const WINDOW_BYTES = 4 * 1024 * 1024;

export interface SinkOptions {
  /** How long each export waits for its answer. */
  latencyMs?: number;
  /** Gets the path and the protobuf bytes of each export. Without it nothing is decoded. */
  receive?: (path: string, message: Buffer) => void;
}

/**
 * An OTLP/gRPC collector that acknowledges whatever it gets, on a free port of 127.0.0.1, and costs next to nothing:
 * it runs beside the servers that are measured. Exports are not compressed, which is the SDK's default.
 */
export async function startSink({
  latencyMs = 0,
  receive,
}: SinkOptions = {}): Promise<{ port: number; close(): void }> {
  const server = createServer({ settings: { initialWindowSize: WINDOW_BYTES } });
  server.on('stream', (anyStream, headers) => {
    const stream = anyStream as ServerHttp2Stream; // a server's; its type says no more than Http2Stream
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => receive && chunks.push(chunk));
    stream.on('error', () => {}); // an exporter that gave up
    stream.on('end', () => {
      receive?.(String(headers[':path']), Buffer.concat(chunks).subarray(5));
      if (latencyMs > 0) setTimeout(answer, latencyMs, stream);
      else answer(stream);
    });
  });
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    session.setLocalWindowSize(WINDOW_BYTES);
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port, // an address and not a pipe: it listens on a port
    close() {
      server.close();
      for (const session of sessions) session.destroy();
    },
  };
}

function answer(stream: ServerHttp2Stream): void {
  if (stream.destroyed) return;
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.end(EMPTY_RESPONSE);
}
