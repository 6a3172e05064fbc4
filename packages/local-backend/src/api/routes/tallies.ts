import type { TallyRecord } from '@clew/evidence';
import type { FastifyInstance } from 'fastify';
import { StoreError } from '../../store/store.ts';
import type { ApiDeps } from '../api.ts';
import { text } from './schemas.ts';

const tallies = {
  type: 'array',
  items: {
    type: 'object',
    required: ['generator', 'service', 'method', 'count'],
    additionalProperties: false,
    properties: {
      generator: text,
      service: text,
      method: text,
      route: text,
      status: { type: 'integer', minimum: 100, maximum: 999 },
      count: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    },
  },
};

export function tallyRoutes(app: FastifyInstance, { store: { evidence } }: ApiDeps): void {
  app.post<{ Body: TallyRecord[] }>(
    '/api/tallies',
    { schema: { summary: 'adds to what load generators say they sent', body: tallies } },
    async (request) => {
      try {
        evidence.tally(request.body);
      } catch (error) {
        throw new StoreError(error);
      }
      return { added: request.body.length };
    },
  );
}
