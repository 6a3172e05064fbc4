import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { until } from './until.ts';

/** A TCP connection that shows what was received, for what no HTTP client would send. */
export interface RawClient {
  socket: Socket;
  received: () => string;
  closed: () => boolean;
}

export async function rawClient(
  app: FastifyInstance,
  text = '',
  options: { allowHalfOpen?: boolean } = {},
): Promise<RawClient> {
  const socket = connect({ port: portOf(app), host: '127.0.0.1', ...options });
  let received = '';
  let closed = false;
  socket.on('data', (chunk) => {
    received += chunk.toString();
  });
  socket.on('error', () => {}); // A reset shows as `closed`.
  socket.on('close', () => {
    closed = true;
  });
  await once(socket, 'connect');
  if (text !== '') socket.write(text);
  return { socket, received: () => received, closed: () => closed };
}

/** Sends a text on a connection of its own and gives what came until the server closed it. */
export async function exchange(app: FastifyInstance, text: string): Promise<string> {
  const client = await rawClient(app, text);
  await until(client.closed, `the server closes after ${JSON.stringify(text.slice(0, 60))}`);
  return client.received();
}

export async function listenLocally(app: FastifyInstance): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 });
}

export function portOf(app: FastifyInstance): number {
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the app does not listen');
  return address.port;
}

/** Status and parsed JSON body of a raw response. */
export function parseResponse(text: string): { status: number; headers: string; body: Record<string, unknown> } {
  const [headers = '', body = ''] = text.split('\r\n\r\n');
  const json = body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1);
  return { status: Number(headers.split(' ')[1]), headers, body: JSON.parse(json) as Record<string, unknown> };
}
