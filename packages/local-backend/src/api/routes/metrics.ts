import { type ExemplarFilter, type LatencyFilter, latency, listExemplars, listSeries, pointsOf } from '@clew/evidence';
import type { FastifyInstance } from 'fastify';
import type { ApiDeps } from '../api.ts';
import { error, limit, query, status, text, texts, time } from './schemas.ts';

export function metricRoutes(app: FastifyInstance, { store: { evidence } }: ApiDeps): void {
  app.get<{ Querystring: { metric?: string; service?: string; label?: string[]; limit?: number } }>(
    '/api/series',
    {
      schema: {
        summary: 'series with their last point',
        querystring: query({ metric: text, service: text, label: texts, limit }),
      },
    },
    async ({ query: { label = [], ...filter } }) => listSeries(evidence, { ...filter, labels: parseLabels(label) }),
  );

  app.get<{ Params: { seriesId: number }; Querystring: { since?: number } }>(
    '/api/series/:seriesId/points',
    {
      schema: {
        summary: 'points of a series by time',
        params: { type: 'object', properties: { seriesId: { type: 'integer' } } },
        querystring: query({ since: time }),
      },
    },
    async ({ params, query }) => pointsOf(evidence, params.seriesId, query),
  );

  app.get<{ Querystring: LatencyFilter }>(
    '/api/latency',
    {
      schema: {
        summary: 'durations of requests over time and by bucket, up to the newest point',
        querystring: query({ service: text, route: text, status, error, windowUs: { ...time, minimum: 1 } }),
      },
    },
    async (request) => latency(evidence, request.query),
  );

  app.get<{ Querystring: ExemplarFilter }>(
    '/api/exemplars',
    {
      schema: {
        summary: 'exemplars, newest first, and whether their span is there',
        querystring: query({ metric: text, service: text, route: text, status, error, since: time, limit }),
      },
    },
    async (request) => listExemplars(evidence, request.query),
  );
}

/** `name=value`; without `=` the label is empty, which none is. */
function parseLabels(labels: string[]): Record<string, string> {
  return Object.fromEntries(labels.map((label) => label.split(/=(.*)/s, 2).concat('').slice(0, 2)));
}
