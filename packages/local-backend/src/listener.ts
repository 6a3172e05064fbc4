import { once } from 'node:events';
import type { Server } from 'node:net';

/** A port that is listened on; `close` ends its connections. */
export interface Listener {
  port: number;
  close: () => Promise<void>;
}

/** Listens and waits until it does; rejects when the port cannot be had. `end` ends the open connections on closing. */
export async function listen(server: Server, host: string, port: number, end: () => void): Promise<Listener> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      end();
      await closed;
    },
  };
}

/** Where a client on this machine finds the port. */
export function urlOf(host: string, port: number): string {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
