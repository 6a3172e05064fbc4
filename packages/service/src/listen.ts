import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config-schema.ts';

/**
 * Listens on `HOST` and `PORT`, and logs where. (`app.listen` would log a sentence for each network interface.)
 *
 * @throws An error that names the variable to change.
 */
export async function listen(app: FastifyInstance, { HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>): Promise<void> {
  await app.ready();
  app.server.listen({ host: HOST, port: PORT });
  try {
    await once(app.server, 'listening');
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException; // What a server emits as `error`.
    throw new Error(reasons[code]?.(PORT, HOST) ?? `PORT=${PORT} on HOST=${HOST}: ${message}`, { cause });
  }
  const bound = app.server.address();
  const address = typeof bound === 'object' && bound ? bound : { address: HOST, port: PORT };
  app.log.info({ 'server.address': address.address, 'server.port': address.port }, 'server listening');
}

const reasons: Record<string, (port: number, host: string) => string> = {
  EADDRINUSE: (port, host) => `PORT=${port} is taken on ${host}: stop what listens there, or set PORT to a free one`,
  EACCES: (port) => `PORT=${port} is not allowed to this user: set PORT to one from 1024 on`,
  EADDRNOTAVAIL: (_port, host) => `HOST=${host} is no address of this machine: set HOST to one, or to 0.0.0.0`,
  ENOTFOUND: (_port, host) => `HOST=${host} cannot be resolved: set HOST to an address of this machine, or to 0.0.0.0`,
};
