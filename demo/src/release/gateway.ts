import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceProcess } from '../service-process.ts';
import { createInstances, OtherFaultsError } from './instances.ts';
import { type Release, readRelease } from './read-release.ts';

/** Stands in front of one service, in the place of an ingress and of whoever rolls its releases. */
export interface Gateway {
  url: string;
  /** Takes no more requests, stops every instance, and rejects when one has failed. */
  stop(): Promise<void>;
}

interface GatewayOptions {
  /** 0: any free one. */
  port: number;
  /** `Authorization: Bearer` of `/release`. */
  token: string;
  /** The version that is there without a release. */
  stable: string;
  /** @param faults of that version: `FAULTS` of its environment */
  start: (version: string, faults: string | undefined) => Promise<ServiceProcess>;
}

const PATH = '/release';
const LARGEST_BODY = 65_536;
/** https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1; besides those that `Connection` names. */
const OF_ONE_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade'];

/**
 * Starts the gateway. `PUT /release` changes which versions serve, and answers when they do; every other request goes to
 * one of them. No instance is there before the first release. Answers say by `x-served-by` which version they are from,
 * and by `x-release-stage` at which stage of the release, or that it was moving between two.
 */
export async function startGateway({ port, token, stable, start }: GatewayOptions): Promise<Gateway> {
  const instances = createInstances(start);
  const agent = new Agent({ keepAlive: true });
  let stage = 'none';
  let moving = Promise.resolve();
  let closed = false;

  async function move({ version, share, faults, ...release }: Release): Promise<void> {
    const before = stage;
    stage = 'moving';
    const shares = [
      { version: stable, weight: 1 - share, faults: undefined },
      { version, weight: share, faults },
    ];
    try {
      await instances.become(shares.filter(({ weight }) => weight > 0));
      stage = release.stage;
    } catch (error) {
      stage = before;
      throw error;
    }
  }

  async function control(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (incoming.headers.authorization !== `Bearer ${token}`) {
      return say(response, 401, 'it has another FAULTS_ADMIN_TOKEN', { 'www-authenticate': 'Bearer realm="release"' });
    }
    if (incoming.method !== 'PUT') return say(response, 200, stage);
    const { release, problems } = readRelease(await bodyOf(incoming));
    if (release === undefined) return say(response, 400, problems.join('\n'));
    if (release.version === stable) {
      return say(response, 400, `version: ${stable} is there without a release; share 0 of another one brings it back`);
    }
    if (closed) return say(response, 503, 'the gateway stops');
    // One after the other, whoever asks.
    const moved = moving.then(() => move(release));
    moving = moved.catch(() => {});
    await moved.then(
      () => say(response, 200, stage),
      (error) =>
        say(
          response,
          error instanceof OtherFaultsError ? 409 : 500,
          error instanceof Error ? error.message : String(error),
        ),
    );
  }

  function pass(incoming: IncomingMessage, response: ServerResponse): void {
    const instance = instances.next();
    if (instance === undefined) {
      say(response, 503, `no version is released: PUT ${PATH} does it`);
      return;
    }
    const { method, url } = incoming;
    const headers = { ...withoutHop(incoming.headers), ...framingOf(incoming.headers) };
    const told = { 'x-served-by': instance.version, 'x-release-stage': stage };
    const passed = request(`${instance.url}${url}`, { method, headers, agent });
    passed.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, { ...withoutHop(answer.headers), ...told });
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    passed.on('error', (error) => {
      if (response.headersSent) response.destroy();
      else say(response, 502, `${instance.version} at ${instance.url}: ${error.message}`);
    });
    response.on('close', () => passed.destroy()); // a client that goes away is not waited for
    incoming.pipe(passed);
  }

  const server = createServer((incoming, response) => {
    if (incoming.url !== PATH) return pass(incoming, response);
    control(incoming, response).catch((error) => say(response, 400, String(error)));
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // of a TCP server
    async stop() {
      closed = true; // no step comes after those that are asked for
      await moving;
      server.close();
      await instances.stop();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

function withoutHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...OF_ONE_HOP, ...named]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}

/** Where the body of a request ends. Without it, a body of GET or DELETE would be read as the next request. */
function framingOf(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { 'transfer-encoding': encoding, 'content-length': length } = headers;
  if (encoding !== undefined) return { 'transfer-encoding': encoding };
  return length === undefined ? {} : { 'content-length': length };
}

/** The gateway's own answer. It tells whose it is before anybody sends it a token. */
function say(response: ServerResponse, status: number, text: string, headers: OutgoingHttpHeaders = {}): void {
  if (response.headersSent) return;
  const own = { server: 'clew-gateway', 'content-type': 'text/plain; charset=utf-8' };
  response.writeHead(status, { ...own, ...headers }).end(`${text}\n`);
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) {
    body += chunk;
    if (body.length > LARGEST_BODY) throw new Error(`the body is larger than ${LARGEST_BODY} bytes`);
  }
  return body;
}
