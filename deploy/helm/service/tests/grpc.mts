import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';
import { unanswered } from './ask.mts';

const TIMEOUT_MS = 5000;

export interface GrpcCall {
  url: string;
  path: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface GrpcAnswer {
  /** Status of HTTP. */
  http: number;
  /** Of gRPC, 0 when all is well; undefined when it was not gRPC that answered. */
  status: number | undefined;
  message: string;
}

/**
 * One unary call. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 *
 * @throws when there is no answer within 5 s, with what to do
 */
export async function callGrpc({ url, path, headers, body }: GrpcCall): Promise<GrpcAnswer> {
  let session: ClientHttp2Session | undefined;
  try {
    session = connect(new URL(url).origin);
    return await call(session, { path, headers, body });
  } catch (error) {
    throw unanswered(error, url);
  } finally {
    session?.destroy();
  }
}

function call(session: ClientHttp2Session, { path, headers, body }: Omit<GrpcCall, 'url'>): Promise<GrpcAnswer> {
  return new Promise((resolve, reject) => {
    session.on('error', reject);
    const stream = session.request(
      { ':method': 'POST', ':path': path, te: 'trailers', ...headers, 'content-type': 'application/grpc' },
      { signal: AbortSignal.timeout(TIMEOUT_MS) },
    );
    const answer: GrpcAnswer = { http: 0, status: undefined, message: '' };
    // The status is in the trailers, or, when there is nothing else, in the headers.
    const note = ({ 'grpc-status': status, 'grpc-message': message }: IncomingHttpHeaders) => {
      if (status !== undefined) answer.status = Number(status);
      if (typeof message === 'string') answer.message = readable(message);
    };
    stream.on('response', (said) => {
      answer.http = Number(said[':status']);
      note(said);
    });
    stream.on('trailers', note);
    stream.on('error', reject);
    stream.on('close', () => resolve(answer));
    stream.resume();
    stream.end(framed(body));
  });
}

/** Percent-encoded, and where it is not well encoded, as it stands: so the protocol asks. */
function readable(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

/** Not compressed, and how long it is. */
function framed(body: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}
