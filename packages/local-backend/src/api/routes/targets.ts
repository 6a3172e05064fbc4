import type { FastifyInstance } from 'fastify';
import type { Target } from '../../scrape/scraper.ts';
import type { ApiDeps } from '../api.ts';

const targets = {
  type: 'array',
  items: {
    type: 'object',
    required: ['url'],
    additionalProperties: false,
    properties: {
      url: { type: 'string', format: 'uri', pattern: '^https?://' },
      intervalMs: { type: 'integer', minimum: 100, maximum: 3_600_000 },
      labels: {
        type: 'object',
        propertyNames: { pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$' },
        additionalProperties: { type: 'string' },
      },
    },
  },
};

export function targetRoutes(app: FastifyInstance, { scraper }: ApiDeps): void {
  app.get('/api/targets', { schema: { summary: 'scrape targets and how the last scrape went' } }, async () =>
    scraper.list(),
  );

  app.put<{ Body: Target[] }>(
    '/api/targets',
    { schema: { summary: 'scrapes these targets and no others', body: targets } },
    async (request, reply) => {
      try {
        scraper.replace(request.body);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        return reply.status(400).send({ error: error.message });
      }
      return scraper.list();
    },
  );

  app.post('/api/scrape', { schema: { summary: 'scrapes every target now and waits for it' } }, async () => {
    await scraper.scrapeNow();
    return scraper.list();
  });
}
