import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifySchema {
    /** What the endpoint does, for `GET /api`. */
    summary?: string;
  }
}

/** `GET /api` lists the routes that are declared after it. */
export function indexRoute(app: FastifyInstance): void {
  const endpoints: { method: string; path: string; summary: string }[] = [];
  app.addHook('onRoute', ({ method, url, schema }) => {
    for (const one of [method].flat()) {
      if (one !== 'HEAD') endpoints.push({ method: one, path: url, summary: schema?.summary ?? '' });
    }
  });
  app.get('/api', { schema: { summary: 'this list' } }, async () => ({ name: 'clew local backend', endpoints }));
}
