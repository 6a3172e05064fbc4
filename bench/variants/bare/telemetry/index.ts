import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { pino } from 'pino';

// What a service writes anyway: one completion line for each request, with pino, and no other telemetry.

type Fields = Record<string, string | number | boolean | undefined>;

declare module 'fastify' {
  interface FastifyRequest {
    fields: Fields | null;
  }
}

const stdout = pino.destination({ dest: 1, sync: false, minLength: 1 }); // as the services have it

export const logger = pino({ base: null, formatters: { level: (level) => ({ level }) } }, stdout);

export const describe = {
  name: 'bare',
  version: '0.1.0',
  instrumentation: 'none: a completion line and nothing else',
  signals: { traces: 'none', metrics: 'none', logs: 'JSON on stdout' },
};

export const httpPlugin = fp(
  async (app) => {
    app.decorateRequest('fields', null);
    app.decorateRequest('annotate', function annotate(attributes) {
      if (this.fields) Object.assign(this.fields, attributes);
    });
    app.addHook('onRequest', startRequest);
  },
  { name: 'http-telemetry', fastify: '5.x' },
);

export async function shutdown(): Promise<void> {
  await new Promise((resolve) => stdout.flush(resolve));
}

function startRequest(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { url: route, config } = request.routeOptions; // a getter that builds an object: read once
  if (config.telemetry === false) {
    done();
    return;
  }
  const start = performance.now();
  const fields: Fields = {
    'http.request.method': request.method,
    'http.route': route,
  };
  request.fields = fields;
  reply.raw.once('close', () => {
    fields['http.response.status_code'] = reply.raw.statusCode;
    fields['http.server.request.duration'] = (performance.now() - start) / 1000;
    request.log.info(fields, 'request completed');
  });
  done();
}
