import { type Attributes, type Context, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { readInbound } from './inbound.ts';
import { logFields } from './log-fields.ts';
import { recordRequest } from './metrics.ts';
import { redactQuery } from './url.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Puts attributes on the request's span and on its completion line. Never on a metric. */
    annotate(attributes: Record<string, string | number | boolean>): void;
    exchange: Exchange | null;
  }
  interface FastifyContextConfig {
    /** `false` for probes: no span, no point, no line. */
    telemetry?: boolean;
  }
}

/** One counted request between its arrival and the close of its response. */
interface Exchange {
  context: Context;
  span: Span;
  startMs: number;
  startTick: number;
  method: string;
  scheme: string;
  route: string | undefined;
  /** What a handler adds to the completion line. */
  notes: Attributes | undefined;
  error: Error | undefined;
}

const METHODS = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'QUERY', 'TRACE']);
const tracer = trace.getTracer('clew.http');

/**
 * One SERVER span, one histogram point and one completion line for each request, all from one measured duration.
 * Register it before the routes: a hook that is added later does not see them.
 */
export const httpPlugin = fp(
  async (app) => {
    app.decorateRequest('exchange', null);
    app.decorateRequest('annotate', function annotate(attributes) {
      if (!this.exchange) return;
      const cleaned = logFields(attributes) as Attributes;
      this.exchange.span.setAttributes(cleaned);
      this.exchange.notes = { ...this.exchange.notes, ...cleaned };
    });
    app.addHook('onRequest', startExchange);
    app.addHook('onError', rememberError);
  },
  { name: 'http-telemetry', fastify: '5.x' },
);

function startExchange(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { url: route, config } = request.routeOptions; // a getter that builds an object: read once
  if (config?.telemetry === false) {
    done();
    return;
  }

  const { parent, links, baggage } = readInbound(request.headers);
  const method = METHODS.has(request.method) ? request.method : '_OTHER';
  const scheme = request.protocol === 'https' ? 'https' : 'http'; // behind a trusted proxy it is whatever a header says
  const [path, query] = splitUrl(request.url);
  const startMs = Date.now();
  const span = tracer.startSpan(
    `${method === '_OTHER' ? 'HTTP' : method}${route === undefined ? '' : ` ${route}`}`,
    { kind: SpanKind.SERVER, startTime: startMs, links },
    parent,
  );
  // https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
  // Conventions want them at the start, for samplers; but there the SDK checks each of them twice, and no sampler of
  // OTEL_TRACES_SAMPLER reads them. With one that does, hand them to startSpan.
  // What changes no question one asks of a demo is left out: each attribute costs 2 to 3 us on its way out.
  span.setAttributes({
    'http.request.method': method,
    'http.request.method_original': method === '_OTHER' ? request.method : undefined,
    'http.route': route,
    'url.scheme': scheme,
    'url.path': path,
    'url.query': query && redactQuery(query),
  });
  span.setAttributes(baggage);
  const exchange: Exchange = {
    context: trace.setSpan(parent, span),
    span,
    startMs,
    startTick: performance.now(),
    method,
    scheme,
    route,
    notes: undefined,
    error: undefined,
  };
  request.exchange = exchange;
  // 'close' and not Fastify's onResponse, which never fires when the client goes away.
  reply.raw.on('close', () => context.with(exchange.context, endExchange, undefined, exchange, request, reply));
  // The events of a body are emitted outside this hook, so its listeners have to be bound.
  if ('content-length' in request.headers || 'transfer-encoding' in request.headers) {
    context.bind(exchange.context, request.raw);
  }
  context.with(exchange.context, done);
}

/** Keeps what the route failed with, and brings its context back: a handler's timeout fires outside of it. */
function rememberError(request: FastifyRequest, _reply: FastifyReply, error: Error, done: () => void): void {
  if (request.exchange) request.exchange.error = error;
  context.with(request.exchange?.context ?? context.active(), done);
}

function endExchange(exchange: Exchange, request: FastifyRequest, reply: FastifyReply): void {
  const { span, startMs, startTick, method, scheme, route, notes, error } = exchange;
  const durationMs = performance.now() - startTick;
  const status = reply.raw.writableFinished ? reply.raw.statusCode : undefined; // else the client went away
  const errorType = status === undefined ? 'aborted' : status >= 500 ? typeOf(error, status) : undefined;

  // Only what is there: a label that is undefined would be another series.
  const labels: Attributes = { 'http.request.method': method, 'url.scheme': scheme };
  if (route !== undefined) labels['http.route'] = route;
  if (status !== undefined) labels['http.response.status_code'] = status;
  if (errorType !== undefined) labels['error.type'] = errorType;
  recordRequest(durationMs / 1000, labels);

  if (status !== undefined) span.setAttribute('http.response.status_code', status);
  if (errorType !== undefined) span.setAttribute('error.type', errorType);
  if (status !== undefined && status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });

  const level = status === undefined ? 'warn' : status >= 500 ? 'error' : 'info';
  request.log[level](
    {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
      'error.type': errorType,
      'http.server.request.duration': durationMs / 1000,
      ...notes,
    },
    'request completed',
  );

  // The SDK's clock ticks in milliseconds: give it the end that the histogram saw.
  span.end(startMs + durationMs);
}

/** The code of an error says more than its class, where it has one: `timeout`, `ECONNREFUSED`. Both are bounded. */
function typeOf(error: (Error & { code?: unknown }) | undefined, status: number): string {
  return typeof error?.code === 'string' ? error.code : (error?.name ?? String(status));
}

function splitUrl(url: string): [path: string, query: string | undefined] {
  const mark = url.indexOf('?');
  return mark === -1 ? [url, undefined] : [url.slice(0, mark), url.slice(mark + 1)];
}
