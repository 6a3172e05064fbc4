import { Client, credentials, type Metadata, type ServiceError } from '@grpc/grpc-js';

/** How a gRPC call ended: `code` 0 with the bytes of the response, or the error's code. */
export interface GrpcAnswer {
  code: number;
  details: string;
  bytes: Buffer;
  trailers?: Metadata;
}

export interface GrpcClient {
  export(service: string, request: Buffer, timeoutMs?: number): Promise<GrpcAnswer>;
  close(): void;
}

/** An OTLP client that sends bytes as they are and reads the response as bytes. */
export function grpcClient(url: string, options = {}): GrpcClient {
  const client = new Client(new URL(url).host, credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    ...options,
  });
  const same = (bytes: Buffer) => bytes;
  return {
    export: (service, request, timeoutMs = 20_000) =>
      new Promise((resolve) => {
        const deadline = Date.now() + timeoutMs;
        client.makeUnaryRequest(`/${service}/Export`, same, same, request, { deadline }, answer);
        function answer(error: ServiceError | null, bytes: Buffer = Buffer.alloc(0)) {
          if (error === null) resolve({ code: 0, details: '', bytes });
          else resolve({ code: error.code, details: error.details, bytes, trailers: error.metadata });
        }
      }),
    close: () => client.close(),
  };
}

export const protobufType = 'application/x-protobuf';

/** Posts a body to an OTLP/HTTP path. */
export function post(
  url: string,
  body: string | Buffer,
  headers: Record<string, string> = { 'content-type': protobufType },
): Promise<Response> {
  const bytes = new Uint8Array(Buffer.from(body));
  return fetch(url, { method: 'POST', body: bytes, headers, signal: AbortSignal.timeout(20_000) });
}
