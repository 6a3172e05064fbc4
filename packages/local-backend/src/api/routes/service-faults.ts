import type { FastifyInstance } from 'fastify';
import type { ApiDeps } from '../api.ts';
import { text } from './schemas.ts';

const params = { type: 'object', properties: { service: text } };

/** What a rule may have is for the service to check: it knows its kinds and routes. */
const rules = {
  type: 'object',
  required: ['faults'],
  additionalProperties: false,
  properties: { faults: { type: 'array', items: { type: 'object' } } },
};

/** The faults of services, under `/api/faults` because those of the receivers are there too. */
export function serviceFaultRoutes(app: FastifyInstance, { serviceFaults }: ApiDeps): void {
  app.get('/api/faults/services', { schema: { summary: 'services that take faults, and what is active' } }, async () =>
    serviceFaults.list(),
  );

  app.put<{ Params: { service: string }; Body: { faults: unknown[] } }>(
    '/api/faults/services/:service',
    { schema: { summary: 'puts faults of a service in the place of those put before', params, body: rules } },
    async ({ params, body }) => serviceFaults.put(params.service, body.faults),
  );

  app.delete<{ Params: { service: string } }>(
    '/api/faults/services/:service',
    { schema: { summary: 'ends the faults of a service that were put', params } },
    async ({ params }) => serviceFaults.clear(params.service),
  );
}
