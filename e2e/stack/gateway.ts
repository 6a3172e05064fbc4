import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Stores } from './stores.ts';

/** Stands before the stores as a cloud does: HTTP alone, credentials, and limits. */
export interface Gateway {
  url: string;
  credentials: string;
  /** How often it has answered so, by path of the API and status. */
  refusals: Map<string, number>;
  close(): Promise<void>;
}

const CREDENTIALS = 'stack:glc_secret';
const AUTHORIZATION = `Basic ${Buffer.from(CREDENTIALS).toString('base64')}`;
/** Writes are few and large, reads many and small. */
const BUSY_EVERY = { POST: 3, GET: 25 };

/**
 * Everything without credentials gets 401; every third write and every 25th read 429, to be tried again after a second.
 * HTTP/2, which gRPC needs, it does not speak.
 */
export async function startGateway({ prometheus, loki, jaeger }: Stores): Promise<Gateway> {
  const routes: [prefix: string, target: string][] = [
    ['/otlp/v1/traces', jaeger.tracesEndpoint],
    ['/otlp/v1/metrics', prometheus.metricsEndpoint],
    ['/otlp/v1/logs', loki.logsEndpoint],
    ['/loki', `${loki.url}/loki`],
    ['/prometheus', prometheus.url],
    ['/jaeger', jaeger.url],
  ];
  const refusals = new Map<string, number>();
  const asked = new Map<string, number>();
  const refuse = (response: ServerResponse, prefix: string, status: number, headers = {}) => {
    const key = `${prefix} ${status}`;
    refusals.set(key, (refusals.get(key) ?? 0) + 1);
    response.writeHead(status, headers).end();
  };

  const server = createServer((request, response) => {
    const { url = '', method = '', headers } = request;
    const [prefix, target] = routes.find(([path]) => url.startsWith(path)) ?? [];
    if (prefix === undefined) return refuse(response, url, 404);
    if (headers.authorization !== AUTHORIZATION) return refuse(response, prefix, 401, { 'www-authenticate': 'Basic' });
    const key = `${method} ${prefix}`;
    const times = (asked.get(key) ?? 0) + 1;
    asked.set(key, times);
    const busyEvery = method === 'POST' ? BUSY_EVERY.POST : BUSY_EVERY.GET;
    if (times % busyEvery === 0) return refuse(response, prefix, 429, { 'retry-after': '1' });
    passOn(request, response, `${target}${url.slice(prefix.length)}`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  return {
    url: `http://127.0.0.1:${port}`,
    credentials: CREDENTIALS,
    refusals,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function passOn(request: IncomingMessage, response: ServerResponse, target: string): void {
  const { authorization: _, host: __, ...headers } = request.headers;
  const passed = httpRequest(target, { method: request.method ?? 'GET', headers });
  passed.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.writeHead(502).end());
  request.pipe(passed);
}
