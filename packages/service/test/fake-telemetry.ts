import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { pino } from 'pino';
import type { Telemetry } from '../src/telemetry.ts';

/** One log line, parsed. */
export type Line = Record<string, unknown> & { level: string; msg: string };

export interface FakeTelemetry extends Telemetry {
  lines: Line[];
  /** One entry per request that telemetry would have counted. */
  requests: { route?: string; status?: number; errorType?: string; attributes: Record<string, unknown> }[];
  shutdowns: number;
}

/**
 * Telemetry without an SDK: pino into an array, a made-up trace per request, and the requests as the real ones count
 * them. It shows what a telemetry folder has to do for the packages: `annotate`, and the context around onError.
 */
export function fakeTelemetry(): FakeTelemetry {
  context.setGlobalContextManager(contextManager);
  const lines: FakeTelemetry['lines'] = [];
  const requests: FakeTelemetry['requests'] = [];
  const options = { formatters: { level: (level: string) => ({ level }) }, base: null, mixin: traceIds };
  const fake: FakeTelemetry = {
    lines,
    requests,
    shutdowns: 0,
    logger: pino(options, { write: (line: string) => lines.push(JSON.parse(line) as Line) }),
    describe: {
      name: 'fake',
      version: '0.0.0',
      instrumentation: 'none',
      signals: { traces: 'none', metrics: 'none', logs: 'an array' },
    },
    async shutdown() {
      fake.shutdowns += 1;
    },
    httpPlugin: fp(async (app: FastifyInstance) => {
      app.decorateRequest('annotate', function annotate(attributes) {
        Object.assign(this.getDecorator<State>('fakeState').attributes, attributes);
      });
      app.decorateRequest('fakeState');

      app.addHook('onRequest', function startRequest(request, reply, done) {
        const { url, config } = request.routeOptions;
        const state: State = { context: newTrace(), attributes: {}, error: undefined };
        request.setDecorator('fakeState', state);
        if (config.telemetry === false) return done();
        reply.raw.once('close', () => {
          const status = reply.raw.writableEnded ? reply.raw.statusCode : undefined;
          const errorType = status === undefined ? 'aborted' : status >= 500 ? typeOf(state.error, status) : undefined;
          requests.push({
            ...(url === undefined ? {} : { route: url }),
            ...(status === undefined ? {} : { status }),
            ...(errorType === undefined ? {} : { errorType }),
            attributes: state.attributes,
          });
        });
        context.with(state.context, done);
      });

      app.addHook('onError', function rememberError(request, _reply, error, done) {
        const state = request.getDecorator<State>('fakeState');
        state.error = error;
        // Fastify's handler timeout fires outside the request's context; the error handler runs inside `done`.
        context.with(state.context, done);
      });
    }),
  };
  return fake;
}

interface State {
  context: Context;
  attributes: Record<string, unknown>;
  error: unknown;
}

function typeOf(error: unknown, status: number): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  return typeof name === 'string' ? name : String(status);
}

function traceIds(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { trace_id: span.traceId };
}

let traces = 0;
function newTrace(): Context {
  traces += 1;
  const traceId = traces.toString(16).padStart(32, '0');
  return trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext({ traceId, spanId: '00000000000000ff', traceFlags: 1 }));
}

const storage = new AsyncLocalStorage<Context>();
const contextManager: ContextManager = {
  active: () => storage.getStore() ?? ROOT_CONTEXT,
  with: (active, fn, thisArg, ...args) => storage.run(active, () => fn.apply(thisArg, args)),
  bind: (_active, target) => target,
  enable: () => contextManager,
  disable: () => contextManager,
};
