import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type DependencyCheck, watchDependencies } from './watch-dependencies.ts';

export interface HealthOptions {
  /** By name: resolves while the service can use what it depends on. Without one, ready means not stopping. */
  dependencies?: Record<string, DependencyCheck>;
  /** Milliseconds between two rounds of checks, and the longest that one check may take. */
  interval?: number;
  timeout?: number;
}

const state = Type.Object({
  status: Type.Enum(['ok', 'unavailable']),
  reasons: Type.Optional(Type.Array(Type.String(), { description: 'draining, or a dependency by name.' })),
});

/**
 * Probes: `/health` and `/livez` say that the process runs, `/ready` and `/readyz` that requests may be sent to it.
 * They read what is known and never wait, are not traced, and are answered under overload too.
 */
export const health: FastifyPluginAsyncTypebox<HealthOptions> = async (app, options) => {
  const { dependencies = {}, interval = 5_000, timeout = 1_000 } = options;
  const failing = watchDependencies(app, { dependencies, interval, timeout });
  const config = { telemetry: false, shed: false };

  for (const path of ['/health', '/livez']) {
    const schema = { summary: 'Alive: the process runs', response: { 200: state } };
    app.get(path, { config, schema }, async () => ({ status: 'ok' as const }));
  }
  for (const path of ['/ready', '/readyz']) {
    const schema = { summary: 'Ready: requests may be sent here', response: { 200: state, 503: state } };
    app.get(path, { config, schema }, async (_request, reply) => {
      const reasons = [...(app.lifecycle.draining ? ['draining'] : []), ...failing];
      if (reasons.length === 0) return { status: 'ok' as const };
      reply.code(503);
      return { status: 'unavailable' as const, reasons };
    });
  }
};
