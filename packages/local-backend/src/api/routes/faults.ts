import type { FastifyInstance } from 'fastify';
import type { Fault } from '../../faults.ts';
import type { ApiDeps } from '../api.ts';
import { signal } from './schemas.ts';

const milliseconds = { type: 'integer', minimum: 0, maximum: 600_000 };

function kind(
  name: Fault['kind'],
  required: Record<string, object> = {},
  optional: Record<string, object> = {},
): object {
  return {
    type: 'object',
    required: ['kind', ...Object.keys(required)],
    additionalProperties: false,
    properties: { kind: { const: name }, signal, ...required, ...optional },
  };
}

const fault = {
  oneOf: [
    kind('latency', { ms: milliseconds }),
    kind('error', { code: { type: 'integer', minimum: 1, maximum: 599 } }, { retryAfterMs: milliseconds }),
    kind('black-hole'),
    kind('drop'),
  ],
};

export function faultRoutes(app: FastifyInstance, { faults }: ApiDeps): void {
  app.get('/api/faults', { schema: { summary: 'faults that are set and how often they were met' } }, async () =>
    faults.list(),
  );

  app.put<{ Body: Fault }>(
    '/api/faults',
    { schema: { summary: 'sets a fault on a signal, or on all', body: fault } },
    async (request) => {
      faults.set(request.body);
      return faults.list();
    },
  );

  app.delete('/api/faults', { schema: { summary: 'clears all faults' } }, async () => {
    faults.clear();
    return faults.list();
  });
}
