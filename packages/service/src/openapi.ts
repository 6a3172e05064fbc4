import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Description } from './telemetry.ts';

export interface OpenapiOptions {
  describe: Pick<Description, 'name' | 'version' | 'instrumentation'>;
}

/** `GET /openapi.json`: the routes that are registered after this, from their schemas. */
export const openapi = fp(documentRoutes, { name: '@clew/service/openapi' });

async function documentRoutes(app: FastifyInstance, { describe }: OpenapiOptions): Promise<void> {
  const { name, version, instrumentation } = describe;
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: name, version, description: instrumentation } },
  });
  let document: string | undefined;
  app.get(
    '/openapi.json',
    { schema: { summary: 'This API as an OpenAPI document', hide: true } },
    (_request, reply) => {
      document ??= JSON.stringify(app.swagger());
      reply.type('application/json').send(document);
    },
  );
}
