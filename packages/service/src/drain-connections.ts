import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    lifecycle: {
      /** From the signal to stop on: the service is not ready, and each answer is the last on its connection. */
      draining: boolean;
      sockets: ReadonlySet<Socket>;
    };
  }
}

/** Decorates `app.lifecycle`, and sees to it that no connection outlives the request it is busy with. */
export function drainConnections(app: FastifyInstance): void {
  const sockets = new Set<Socket>();
  const lifecycle = { draining: false, sockets };
  app.decorate('lifecycle', lifecycle);
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (lifecycle.draining) reply.header('connection', 'close');
    done();
  });

  // Browsers and load balancers connect in advance. Node closes idle connections with the server, but up to Node 24 one
  // on which nothing was ever sent counts as busy and would hold the server open.
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  app.addHook('preClose', async () => {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  });
}
