import type { Readable } from 'node:stream';
import { type LogFilter, logsOfTrace, recentLogs } from '@clew/evidence';
import type { FastifyInstance } from 'fastify';
import type { ApiDeps } from '../api.ts';
import { limit, query, text } from './schemas.ts';

export function logRoutes(app: FastifyInstance, { store, logLines }: ApiDeps): void {
  app.get<{ Querystring: LogFilter & { traceId?: string } }>(
    '/api/logs',
    {
      schema: {
        summary: 'log lines, newest first, or those of a trace by time',
        querystring: query({ service: text, level: text, limit, traceId: text }),
      },
    },
    async ({ query: { traceId, ...filter } }) =>
      traceId === undefined ? recentLogs(store.evidence, filter) : logsOfTrace(store.evidence, traceId.toLowerCase()),
  );

  // A scope of its own, because only here a body of any type is taken, as the stream that it is.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', async (_request: unknown, payload: NodeJS.ReadableStream) => payload);
    scope.post<{ Querystring: Record<string, string>; Body: Readable | undefined }>(
      '/api/logs',
      {
        schema: {
          summary: 'takes log lines as a stream of any length',
          querystring: { type: 'object', required: ['service.name'], additionalProperties: text },
        },
      },
      async (request, reply) => {
        const result = await logLines.read(request.body ?? request.raw, { ...request.query });
        if (result.lost > 0) reply.status(503).header('retry-after', 1);
        return result;
      },
    );
  });
}
