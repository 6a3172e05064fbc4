import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands for the service behind PEER_URL, and shows how it was called. */
export interface FakePeer extends AsyncDisposable {
  url: string;
  /** Headers of each call. */
  calls: IncomingHttpHeaders[];
  /** What it does from now on. */
  behave(how: 'answer' | 'fail' | 'hang'): void;
}

const USERS = JSON.stringify({
  total: 1,
  limit: 5,
  offset: 0,
  users: [{ id: 1, name: 'Ada', email: 'a@example.com' }],
});

/** @param body what it answers; some users unless a test says otherwise */
export async function startFakePeer(body = USERS): Promise<FakePeer> {
  const calls: IncomingHttpHeaders[] = [];
  let behaviour = 'answer';
  const server = createServer((request, response) => {
    calls.push(request.headers);
    if (behaviour === 'answer') response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    if (behaviour === 'fail') response.writeHead(503).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    behave: (how) => {
      behaviour = how;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
