import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { logRecords, spans } from '../src/signal.ts';

export interface Receiver {
  url: string;
  /** Bytes that came since it was started. */
  received(): number;
  close(): void;
}

/** Takes spans and log records over gRPC, and only counts their bytes. */
export async function startReceiver(): Promise<Receiver> {
  const server = new Server();
  let bytes = 0;
  const asIs = (value: Buffer) => value;
  const codec = {
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
  for (const { grpcPath } of [spans, logRecords]) {
    server.addService(
      { export: { path: grpcPath, requestStream: false, responseStream: false, ...codec } },
      {
        export({ request }: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) {
          bytes += request.length;
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
  return { url: `http://127.0.0.1:${port}`, received: () => bytes, close: () => server.forceShutdown() };
}
