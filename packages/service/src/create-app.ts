import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Config } from './config-schema.ts';
import { drainConnections } from './drain-connections.ts';
import { handleErrors } from './error-handler.ts';
import { exposeTraceId } from './expose-trace-id.ts';
import { limitHandlers } from './limit-handlers.ts';
import { listEndpoints } from './list-endpoints.ts';
import { ProblemError } from './problem.ts';
import { onClientError, onUnroutable, rejectUnsupported } from './rejected-requests.ts';

/** Milliseconds and bytes. Fastify and Node leave most of these at no limit, or at a minute. */
export const limits = {
  /** Routing to answer. */
  handlerTimeout: 12_000,
  /** First byte of a request to its last. */
  requestTimeout: 10_000,
  headersTimeout: 10_000,
  /** How often Node looks whether one of the two above is over. */
  connectionsCheckingInterval: 1_000,
  /** Without a byte either way; longer than a request and its handler take together. */
  connectionTimeout: 30_000,
  /** Longer than load balancers keep an idle connection, which usually is 60 s: they close it, not we under them. */
  keepAliveTimeout: 72_000,
  bodyLimit: 64 * 1024,
  maxParamLength: 100,
};

interface AppOptions {
  config: Pick<Config, 'TRUST_PROXY'> & Partial<Pick<Config, 'EXPOSE_TRACE_ID'>>;
  logger: FastifyBaseLogger;
  /** What shall differ from `limits`. */
  override?: Partial<typeof limits>;
}

/**
 * A Fastify server with every limit set and every error answered with a problem (RFC 9457), but without routes. It
 * logs what fails, not what happens: the line of each request is telemetry's.
 */
export function createApp({ config, logger, override = {} }: AppOptions) {
  const { headersTimeout, connectionsCheckingInterval, maxParamLength, ...timeouts } = { ...limits, ...override };
  const app: FastifyInstance = Fastify({
    ...timeouts,
    // Node would answer a request without Host itself, and no signal would show it: see requireHost.
    http: { headersTimeout, connectionsCheckingInterval, requireHostHeader: false },
    routerOptions: { maxParamLength },
    // What still arrives while the server closes is answered like any other request.
    return503OnClosing: false,
    trustProxy: trustProxy(config.TRUST_PROXY),
    // An unknown field is an error that is told; Fastify's default drops it in silence.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true, allErrors: true } },
    frameworkErrors: onUnroutable,
    clientErrorHandler: onClientError,
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // A child logger per request costs more than all its lines, and what it would add, the trace id, is in every line.
    childLoggerFactory: (parent) => parent,
    genReqId: () => '',
  });
  app.addHook('preValidation', requireHost);
  limitHandlers(app);
  handleErrors(app);
  rejectUnsupported(app);
  listEndpoints(app);
  drainConnections(app);
  if (config.EXPOSE_TRACE_ID) exposeTraceId(app);
  return app.withTypeProvider<TypeBoxTypeProvider>();
}

/** What `createApp` makes. */
export type App = ReturnType<typeof createApp>;

/** RFC 9112, section 3.2. */
function requireHost({ raw }: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void {
  const missing = raw.headers.host === undefined && raw.httpVersion === '1.1';
  done(missing ? new ProblemError(400, 'The Host header is missing.') : undefined);
}

function trustProxy(setting: string): boolean | string {
  return setting === 'true' || setting === 'false' ? setting === 'true' : setting;
}
