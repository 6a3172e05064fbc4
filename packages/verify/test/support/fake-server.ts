import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** One request, as a store sees it. */
export interface Asked {
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
}

/** JSON to answer with; or all of an answer. */
export type Answer =
  | { json: unknown; status?: number }
  | { text: string; status?: number; headers?: Record<string, string> };

export interface FakeServer {
  url: string;
  asked: Asked[];
}

/** Answers on a free port of loopback until the test ends; over TLS with a certificate. */
export async function fakeServer(
  t: TestContext,
  answer: (asked: Asked) => Answer,
  tls?: { cert: string; key: string },
): Promise<FakeServer> {
  const asked: Asked[] = [];
  const listener: RequestListener = (request, response) => {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://fake');
    const one = { path, query, headers: request.headers };
    asked.push(one);
    const reply = answer(one);
    const { status = 200 } = reply;
    if ('json' in reply) {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.json));
    } else {
      response.writeHead(status, reply.headers ?? { 'content-type': 'text/plain' }).end(reply.text);
    }
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, asked };
}

export const notFound: Answer = { text: '404 page not found\n', status: 404 };
