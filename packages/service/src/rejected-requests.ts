import diagnosticsChannel from 'node:diagnostics_channel';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './error-handler.ts';
import { problem, problemMediaType } from './problem.ts';

/** Published for each request that ends before the router sees it, so that telemetry can count it. */
export interface RejectedRequest {
  /** `bad_url`, `connect`, `expectation`, `long_headers`, `long_parameter`, `timeout` or `unparsable`. */
  reason: string;
  status: number;
}

const channel = diagnosticsChannel.channel('clew.request.rejected');

/** Fastify's `frameworkErrors`: the URL was of no use to the router, and no hook will run. */
export function onUnroutable(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const tooLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH';
  const status = tooLong ? 414 : 400;
  channel.publish({ reason: tooLong ? 'long_parameter' : 'bad_url', status } satisfies RejectedRequest);
  sendProblem(
    reply,
    problem(status, tooLong ? 'A part of the path is too long.' : 'The URL cannot be decoded.', { code: error.code }),
  );
}

/** Fastify's `clientErrorHandler`: Node could not make a request of what came, or not in time. */
export function onClientError(error: Error & { code?: string }, socket: Socket): void {
  // Nothing is left to answer to; a connection that never said anything asked for nothing.
  if (error.code === 'ECONNRESET' || socket.destroyed || socket.bytesRead === 0) return void socket.destroy();

  const rejection = clientErrors[error.code ?? ''] ?? unparsable;
  const { _httpMessage: response, parser } = socket as HttpSocket;
  const request = parser?.incoming;
  if (request?.complete !== false) {
    reject(socket, rejection);
    return;
  }

  // Only the body is broken: the router has seen the request, and it counts. Where nothing has been sent yet, the answer
  // goes through its response, so that it counts with the status the client got. A client that hung up in the middle of
  // its body takes none, and the request counts as aborted.
  const answerable = response?.req === request && !response.headersSent && error.code !== 'HPE_INVALID_EOF_STATE';
  if (!answerable) return void socket.destroy();
  const { status, detail } = rejection;
  response.shouldKeepAlive = false;
  response.writeHead(status, { 'content-type': problemMediaType });
  response.end(JSON.stringify(problem(status, detail)));
}

/** What Node would otherwise end by itself, without a hook, an event or a reason. */
export function rejectUnsupported({ server }: FastifyInstance): void {
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    channel.publish({ reason: 'expectation', status: 417 } satisfies RejectedRequest);
    response.writeHead(417, { 'content-type': problemMediaType });
    response.end(JSON.stringify(problem(417, 'The only expectation that is met is 100-continue.')));
  });
  server.on('connect', (_request, socket: Duplex) => {
    socket.on('error', () => {}); // Node has taken its own listener away: a reset would end the process.
    reject(socket, { reason: 'connect', status: 405, detail: 'This is not a proxy.' });
  });
}

/** What Node keeps on a connection: the response in progress, and in its parser the request that came last. */
type HttpSocket = Duplex & {
  _httpMessage?: ServerResponse | null;
  parser?: { incoming: IncomingMessage | null } | null;
};

function reject(socket: HttpSocket, { reason, status, detail }: RejectedRequest & { detail: string }): void {
  channel.publish({ reason, status } satisfies RejectedRequest);
  // While a request is still open, its client would take this for the answer to that one.
  if (!socket._httpMessage && socket.writable) socket.write(rawProblem(status, detail));
  socket.destroy();
}

const unparsable = { reason: 'unparsable', status: 400, detail: 'The request cannot be parsed.' };
const clientErrors: Record<string, typeof unparsable> = {
  ERR_HTTP_REQUEST_TIMEOUT: { reason: 'timeout', status: 408, detail: 'The request took too long to arrive.' },
  HPE_HEADER_OVERFLOW: { reason: 'long_headers', status: 431, detail: 'The request line or the headers are too long.' },
};

function rawProblem(status: number, detail: string): string {
  const body = JSON.stringify(problem(status, detail));
  const headers = `content-type: ${problemMediaType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers}\r\n\r\n${body}`;
}
