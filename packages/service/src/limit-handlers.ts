import { errorCodes, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

/**
 * Lets `handlerTimeout` hold for requests with a body, too. Fastify takes the end of the body for the client going away,
 * and stops its timer then: https://github.com/fastify/fastify/pull/6725. With that released, this file can go.
 */
export function limitHandlers(app: FastifyInstance): void {
  app.addHook('preValidation', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    if (request.raw.readableEnded) limit(request, reply); // only where there was a body has anybody read to its end
    done();
  });
}

function limit(request: FastifyRequest, reply: FastifyReply): void {
  const { handlerTimeout, url } = request.routeOptions;
  if (!handlerTimeout) return;
  const timer = setTimeout(giveUp, Math.max(0, handlerTimeout - reply.elapsedTime));
  reply.raw.once('close', () => clearTimeout(timer));

  function giveUp(): void {
    if (reply.sent) return;
    const error = new errorCodes.FST_ERR_HANDLER_TIMEOUT(handlerTimeout, url);
    if (reply.raw.headersSent) reply.raw.destroy(error);
    else reply.send(error);
  }
}
