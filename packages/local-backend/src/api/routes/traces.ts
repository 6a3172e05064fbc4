import { findTraces, getTrace, logsOfTrace, type TraceFilter } from '@clew/evidence';
import type { FastifyInstance } from 'fastify';
import type { ApiDeps } from '../api.ts';
import { error, limit, query, status, text, time } from './schemas.ts';

export function traceRoutes(app: FastifyInstance, { store: { evidence } }: ApiDeps): void {
  const filter = query({
    service: text,
    route: text,
    status,
    error,
    minDurationUs: time,
    since: time,
    until: time,
    limit,
  });
  app.get<{ Querystring: TraceFilter }>(
    '/api/traces',
    { schema: { summary: 'traces that have such a span, newest first', querystring: filter } },
    async (request) => findTraces(evidence, request.query),
  );

  app.get<{ Params: { traceId: string } }>(
    '/api/traces/:traceId',
    { schema: { summary: 'spans and logs of a trace' } },
    async (request, reply) => {
      const traceId = request.params.traceId.toLowerCase();
      const spans = getTrace(evidence, traceId);
      const logs = logsOfTrace(evidence, traceId);
      if (spans.length + logs.length === 0) reply.status(404);
      return spans.length + logs.length === 0 ? { error: `no trace ${traceId}` } : { traceId, spans, logs };
    },
  );
}
