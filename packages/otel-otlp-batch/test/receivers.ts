// The receiving end of OTLP: what came, and how.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import { logBodies, spanNames } from './otlp.ts';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export class Receiver implements AsyncDisposable {
  readonly requests: Received[] = [];
  readonly url: string;
  readonly #close: () => Promise<void>;

  constructor(port: number, close: () => Promise<void>) {
    this.url = `http://127.0.0.1:${port}`;
    this.#close = close;
  }

  get spans(): string[] {
    return this.#of('trace').flatMap(({ body }) => spanNames(body));
  }

  get logs(): string[] {
    return this.#of('logs').flatMap(({ body }) => logBodies(body));
  }

  #of(signal: string): Received[] {
    return this.requests.filter(({ path }) => path.includes(signal));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

/**
 * @param options.refuse how many requests are answered with 503 first
 * @param options.retryAfter in seconds, what these are told
 * @param options.answers whether those after them are
 */
export async function httpReceiver({ refuse = 0, retryAfter = '', answers = true } = {}): Promise<Receiver> {
  let refused = 0;
  const server = createServer(async (request, response) => {
    const bytes = Buffer.concat((await request.toArray()) as Buffer[]);
    if (refused++ < refuse) return response.writeHead(503, retryAfter ? { 'retry-after': retryAfter } : {}).end();
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
    receiver.requests.push({ path: request.url ?? '', headers: request.headers, body });
    return answers ? response.end() : undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver = new Receiver((server.address() as AddressInfo).port, async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return receiver;
}

const services = { traces: 'trace.v1.TraceService', logs: 'logs.v1.LogsService' };

/** @param options.refuse how many requests are answered with UNAVAILABLE first */
export async function grpcReceiver({ refuse = 0 } = {}): Promise<Receiver> {
  const server = new Server();
  const asIs = (value: Buffer) => value;
  let refused = 0;
  for (const service of Object.values(services)) {
    const path = `/opentelemetry.proto.collector.${service}/Export`;
    const codec = {
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    };
    server.addService(
      { export: { path, requestStream: false, responseStream: false, ...codec } },
      {
        export({ request, metadata }: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) {
          if (refused++ < refuse) return answer({ code: status.UNAVAILABLE });
          const headers = Object.entries(metadata.getMap()).map(([name, value]) => [name, String(value)]);
          receiver.requests.push({ path, headers: Object.fromEntries(headers), body: request });
          answer(null, Buffer.alloc(0));
        },
      },
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const receiver = new Receiver(port, async () => server.forceShutdown());
  return receiver;
}
