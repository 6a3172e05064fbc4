import { type CheckOptions, requestCounts, runChecks } from '@clew/evidence';
import type { FastifyInstance } from 'fastify';
import type { ApiDeps } from '../api.ts';
import { query, texts, time } from './schemas.ts';

export function checkRoutes(app: FastifyInstance, { store: { evidence } }: ApiDeps): void {
  app.get(
    '/api/counts',
    { schema: { summary: 'requests per service, method, route and status, as each signal counts them' } },
    async () => requestCounts(evidence),
  );

  app.get<{ Querystring: CheckOptions }>(
    '/api/checks',
    { schema: { summary: 'runs the checks', querystring: query({ only: texts, since: time, until: time }) } },
    async (request, reply) => {
      try {
        return runChecks(evidence, request.query);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return reply.status(400).send({ error: error.message });
      }
    },
  );
}
