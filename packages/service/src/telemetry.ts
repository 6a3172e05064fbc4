import type { FastifyBaseLogger, FastifyPluginAsync, FastifyPluginCallback } from 'fastify';

/** What `src/telemetry/` of every service exports. It is started by being imported. */
export interface Telemetry {
  logger: FastifyBaseLogger;
  /** Sees every route, so it is registered first. Decorates `request.annotate`. */
  httpPlugin: FastifyPluginAsync | FastifyPluginCallback;
  describe: Description;
  /** Hands over what is still queued. Never takes longer than its own deadline. */
  shutdown(): Promise<void>;
}

/** What a service says about itself at `GET /`. */
export interface Description {
  name: string;
  version: string;
  instrumentation: string;
  /** Which way each signal leaves the process. */
  signals: { traces: string; metrics: string; logs: string };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `false`: requests on this route yield no span, metric point or completion line. */
    telemetry?: boolean;
    /** `false`: requests on this route are answered under overload too. */
    shed?: boolean;
  }
  interface FastifyRequest {
    /** Puts attributes on the request's SERVER span and on its completion line, never on a metric. */
    annotate(attributes: Record<string, string | number | boolean>): void;
  }
}
