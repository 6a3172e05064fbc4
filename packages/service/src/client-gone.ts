import type { FastifyReply } from 'fastify';

/**
 * A signal that aborts when the client goes away before the answer is complete, to pass on to whatever is done for
 * it. (Fastify's `request.signal` is not it: with a request body it aborts as soon as the body has been read.)
 */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableEnded) controller.abort();
  });
  return controller.signal;
}
