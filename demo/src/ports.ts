import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Options, PortName } from './options.ts';

/**
 * Settles on a port for everything that listens: the preset one, or a free one when it is taken and the user did not ask
 * for it.
 *
 * @throws when a port that the user asked for is taken; names all of them
 */
export async function choosePorts(wanted: Options['ports'], note: (text: string) => void) {
  const chosen = {} as Record<PortName, number>;
  const taken: string[] = [];
  for (const [name, { port, asked }] of Object.entries(wanted) as [PortName, { port: number; asked: boolean }][]) {
    const isFree = !Object.values(chosen).includes(port) && (await canListen(port));
    if (isFree) chosen[name] = port;
    else if (asked) taken.push(`--${name} ${port}: this port is in use; give another, or leave it out for a free one`);
    else {
      chosen[name] = await freePort(Object.values(chosen));
      note(`port ${port} is in use, so ${name.replace(/-port$/, '')} takes ${chosen[name]}`);
    }
  }
  if (taken.length > 0) throw new Error(taken.join('\n'));
  return chosen;
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  try {
    // Without a host: also refused when another process has the port on every address.
    await once(server.listen(port), 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

async function freePort(not: number[]): Promise<number> {
  for (;;) {
    const server = createServer();
    await once(server.listen(0), 'listening');
    const address = server.address();
    server.close();
    const port = typeof address === 'object' && address ? address.port : 0;
    if (!not.includes(port)) return port;
  }
}
