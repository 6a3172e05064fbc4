import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
  METRIC_HTTP_SERVER_REQUEST_DURATION,
} from '@opentelemetry/semantic-conventions';
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
  /** Attributes of the metric: bounded values only. */
  labels: Attributes;
  /** Fields of the completion line beside the labels. */
  fields: Attributes;
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
      const cleaned = logFields(attributes) as Attributes;
      this.exchange?.span.setAttributes(cleaned);
      if (this.exchange) Object.assign(this.exchange.fields, cleaned);
    });
    app.addHook('onRequest', startExchange);
    app.addHook('onError', async (request, _reply, error) => {
      if (request.exchange) request.exchange.error = error;
    });
  },
  { name: 'http-telemetry', fastify: '5.x' },
);

function startExchange(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { url: route, config } = request.routeOptions; // a getter that builds an object: read once
  if (config?.telemetry === false) return done();

  const { parent, links, baggage } = readInbound(request.headers);
  const method = METHODS.has(request.method) ? request.method : '_OTHER';
  const labels: Attributes = { [ATTR_HTTP_REQUEST_METHOD]: method, [ATTR_URL_SCHEME]: request.protocol };
  if (route !== undefined) labels[ATTR_HTTP_ROUTE] = route;
  const [path = '/', query] = request.url.split('?', 2);

  const attributes: Attributes = {
    ...labels,
    ...baggage,
    [ATTR_URL_PATH]: path,
    [ATTR_SERVER_ADDRESS]: request.hostname,
    [ATTR_CLIENT_ADDRESS]: request.ip,
    [ATTR_NETWORK_PROTOCOL_VERSION]: request.raw.httpVersion,
  };
  if (query) attributes[ATTR_URL_QUERY] = redactQuery(query);
  if (request.port) attributes[ATTR_SERVER_PORT] = request.port;
  if (method === '_OTHER') attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = request.method;
  const agent = request.headers['user-agent'];
  if (agent !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = agent;

  const startMs = Date.now();
  const name = `${method === '_OTHER' ? 'HTTP' : method}${route === undefined ? '' : ` ${route}`}`;
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, startTime: startMs, attributes, links }, parent);
  const exchange: Exchange = {
    context: trace.setSpan(parent, span),
    span,
    startMs,
    startTick: performance.now(),
    labels,
    fields: { [ATTR_URL_PATH]: path },
    error: undefined,
  };
  request.exchange = exchange;
  // 'close' and not Fastify's onResponse, which never fires when the client goes away.
  reply.raw.once('close', () => context.with(exchange.context, endExchange, undefined, exchange, request, reply));
  // The events of a body are emitted outside this hook, so its listeners have to be bound.
  if ('content-length' in request.headers || 'transfer-encoding' in request.headers) {
    context.bind(exchange.context, request.raw);
  }
  context.with(exchange.context, done);
}

function endExchange(exchange: Exchange, request: FastifyRequest, reply: FastifyReply): void {
  const { span, labels, fields, startMs, startTick } = exchange;
  const durationMs = performance.now() - startTick;
  const aborted = !reply.raw.writableFinished;
  const status = reply.raw.statusCode;

  if (!aborted) labels[ATTR_HTTP_RESPONSE_STATUS_CODE] = status;
  if (aborted) labels[ATTR_ERROR_TYPE] = 'aborted';
  else if (status >= 500) labels[ATTR_ERROR_TYPE] = exchange.error?.name ?? String(status);

  recordRequest(durationMs / 1000, labels);
  for (const name of [ATTR_HTTP_RESPONSE_STATUS_CODE, ATTR_ERROR_TYPE]) {
    if (labels[name] !== undefined) span.setAttribute(name, labels[name]);
  }
  if (status >= 500 && !aborted) span.setStatus({ code: SpanStatusCode.ERROR });

  const level = aborted ? 'warn' : status >= 500 ? 'error' : 'info';
  const line = { ...labels, ...fields, [METRIC_HTTP_SERVER_REQUEST_DURATION]: durationMs / 1000 };
  request.log[level](line, 'request completed');

  // The SDK's clock ticks in milliseconds: give it the end that the histogram saw.
  span.end(startMs + durationMs);
}
