import { hostname } from 'node:os';
import type { FastifyRequest } from 'fastify';

/** Names under which loopback is reached. */
const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** An error that Fastify answers with 403. */
class Forbidden extends Error {
  readonly statusCode = 403;
}

/**
 * Refuses requests that a web page elsewhere could have made a browser send: those for a name that is not ours, which
 * is how DNS rebinding looks, and those from another page's origin. `host` is what the listener was told to bind to.
 */
export function refuseForeignRequests(host: string): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const own = [...loopback, hostname(), host, inBrackets(request.socket.localAddress ?? '')];
    if (!own.includes(nameOf(`http://${request.headers.host}`))) {
      throw new Forbidden(`Host ${request.headers.host} is not this program; use ${own[0]}`);
    }
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `http://${request.headers.host}`) {
      throw new Forbidden(`a page of ${origin} may not ask this program`);
    }
  };
}

function nameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

function inBrackets(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
