// The receiving end of OTLP: what came, how it came, and nothing else.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { type DecodedMetric, decodeMetrics } from './otlp.ts';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  metrics: DecodedMetric[];
}

export interface Receiver extends AsyncDisposable {
  url: string;
  requests: Received[];
}

export async function httpReceiver(): Promise<Receiver> {
  const requests: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = await request.toArray();
    const body = Buffer.concat(chunks);
    const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const isJson = request.headers['content-type'] === 'application/json';
    const { url: path = '', headers } = request;
    requests.push({ path, headers, metrics: isJson ? [] : decodeMetrics(bytes) });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections());
  return { url: `http://127.0.0.1:${port}`, requests, [Symbol.asyncDispose]: close };
}

const EXPORT = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';

export async function grpcReceiver(): Promise<Receiver> {
  const requests: Received[] = [];
  const server = new Server();
  const bytes = (value: Buffer) => value;
  const method = { path: EXPORT, requestStream: false, responseStream: false };
  server.addService(
    {
      export: {
        ...method,
        requestSerialize: bytes,
        requestDeserialize: bytes,
        responseSerialize: bytes,
        responseDeserialize: bytes,
      },
    },
    {
      export({ request, metadata }: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) {
        const headers: IncomingHttpHeaders = Object.fromEntries(
          Object.entries(metadata.getMap()).map(([k, v]) => [k, String(v)]),
        );
        requests.push({ path: EXPORT, headers, metrics: decodeMetrics(request) });
        callback(null, Buffer.alloc(0));
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (err, bound) =>
      err ? reject(err) : resolve(bound),
    ),
  );
  return { url: `http://127.0.0.1:${port}`, requests, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}
