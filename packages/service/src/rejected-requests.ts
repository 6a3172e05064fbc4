import diagnosticsChannel from 'node:diagnostics_channel';
import { type ServerResponse, STATUS_CODES } from 'node:http';
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

  const { reason, status, detail } = clientErrors[error.code ?? ''] ?? unparsable;
  // Node keeps the response in progress there. Where the router has seen the request, and only its body is broken,
  // the answer goes through that response, so that the request counts once and with the status the client got.
  const { _httpMessage: response } = socket as Socket & { _httpMessage?: ServerResponse | null };
  if (response && !response.headersSent && !response.req.complete) {
    // It hung up in the middle of its body: nobody takes the answer, and the request counts as aborted.
    if (error.code === 'HPE_INVALID_EOF_STATE') return void socket.destroy();
    response.shouldKeepAlive = false;
    response.writeHead(status, { 'content-type': problemMediaType });
    response.end(JSON.stringify(problem(status, detail)));
    return;
  }
  channel.publish({ reason, status } satisfies RejectedRequest);
  if (!response && socket.writable) socket.write(rawProblem(status, detail));
  socket.destroy();
}

/** What Node would otherwise end by itself, without a hook, an event or a reason. */
export function rejectUnsupported({ server }: FastifyInstance): void {
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    channel.publish({ reason: 'expectation', status: 417 } satisfies RejectedRequest);
    response.writeHead(417, { 'content-type': problemMediaType });
    response.end(JSON.stringify(problem(417, 'The only expectation that is met is 100-continue.')));
  });
  server.on('connect', (_request, socket: Duplex) => {
    channel.publish({ reason: 'connect', status: 405 } satisfies RejectedRequest);
    socket.end(rawProblem(405, 'This is not a proxy.'));
  });
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
