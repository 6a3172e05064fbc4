import { defineKind } from './kind.ts';

/** The connection is destroyed in the middle of the answer. */
export const drop = defineKind({
  name: 'drop',
  parameters: {},
  begin: () => ({
    meet({ request, reply }) {
      reply.hijack();
      const { socket } = request.raw;
      // Go's client, and so k6 and Prometheus, sends a GET once more and says nothing when a connection that it has used
      // before closes without a byte: it would count one request, and the service two.
      socket.write('HTTP/1.1 ', () => socket.destroy());
    },
  }),
});
