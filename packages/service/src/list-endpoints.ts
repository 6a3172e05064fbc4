// Its types add `summary` and the like to route schemas.
import type {} from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

/** A route as `GET /` lists it. */
export interface Endpoint {
  method: string;
  /** Template, such as `/api/users/:id`. */
  path: string;
  /** From its schema. */
  summary: string;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route but HEAD, in the order of registration. */
    endpoints: Endpoint[];
  }
}

/** Keeps `app.endpoints`, for the routes that are registered from now on. */
export function listEndpoints(app: FastifyInstance): void {
  const endpoints: Endpoint[] = [];
  app.decorate('endpoints', endpoints);
  app.addHook('onRoute', ({ method, url, schema }) => {
    for (const name of [method].flat()) {
      if (name !== 'HEAD') endpoints.push({ method: name, path: url, summary: schema?.summary ?? '' });
    }
  });
}
