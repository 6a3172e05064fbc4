import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';

/** One export that arrived. */
export interface Export {
  protocol: 'grpc' | 'http/protobuf';
  /** As the client gave it: `/v1/traces`, `/opentelemetry.proto.collector.trace.v1.TraceService/Export`. */
  path: string;
  headers: IncomingHttpHeaders;
  /** Milliseconds after which the client gave up; undefined while it waits. */
  gaveUpAfterMs: number | undefined;
}

/** An OTLP receiver that shows how it was called and never answers: what a client does then is what its timeout says. */
export interface SilentCollector extends AsyncDisposable {
  grpcUrl: string;
  httpUrl: string;
  exports: Export[];
}

export async function startSilentCollector(): Promise<SilentCollector> {
  const exports: Export[] = [];
  const record = (protocol: Export['protocol'], path: string, headers: IncomingHttpHeaders) => {
    const arrived = performance.now();
    const arrival: Export = { protocol, path, headers, gaveUpAfterMs: undefined };
    exports.push(arrival);
    return () => {
      arrival.gaveUpAfterMs ??= performance.now() - arrived;
    };
  };

  const http = createServer((request, response) => {
    response.on('close', record('http/protobuf', String(request.url), request.headers));
    request.resume();
  });
  const grpc = createHttp2Server();
  const sessions = new Set<{ destroy(): void }>();
  grpc.on('session', (session) => sessions.add(session));
  grpc.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('close', record('grpc', String(headers[':path']), headers));
    stream.on('error', () => {}); // the client cancels what is not answered
    stream.resume();
  });
  return {
    grpcUrl: await urlOf(grpc),
    httpUrl: await urlOf(http),
    exports,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      http.closeAllConnections();
      await Promise.all([grpc, http].map(closed));
    },
  };
}

async function urlOf(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  return `http://127.0.0.1:${port}`;
}

async function closed(server: Server): Promise<void> {
  const end = once(server, 'close');
  server.close();
  await end;
}
