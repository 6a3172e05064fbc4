import { type Static, Type } from 'typebox';

/** Every variable that is clew's own; OTEL_* variables belong to the OpenTelemetry SDK. Durations are milliseconds. */
export const configSchema = Type.Object({
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 8080,
    description: 'Port of the HTTP API; 0 takes any free port.',
  }),
  HOST: Type.String({ default: '0.0.0.0', description: 'Address that the listeners bind to.' }),
  METRICS_PORT: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 9464,
    description: 'Port of GET /metrics where metrics are scraped; 0 takes any free port.',
  }),
  METRICS_LINGER: milliseconds(15_000, 120_000, 'How long the metrics listener outlives the API, or until one scrape.'),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], {
    default: 'info',
    description: 'Least level that is logged.',
  }),
  LOG_OUTPUT: Type.Optional(
    Type.Enum(['stdout', 'otlp', 'both'], {
      description: 'Where log lines go; unset: as the telemetry of the service has it.',
    }),
  ),
  PEER_URL: Type.Optional(
    Type.String({
      format: 'http-url',
      description: 'Base URL of the service that /api/data calls; unset: local data.',
    }),
  ),
  // Stays below the 12 s after which a handler is cut off, so that a slow peer is told from a slow service.
  PEER_TIMEOUT: milliseconds(2_000, 10_000, 'Longest call to the peer, retries included.', 1),
  PEER_RETRIES: Type.Integer({
    minimum: 0,
    maximum: 5,
    default: 2,
    description: 'Retries of one call to the peer, after network errors, 502, 503 and 504.',
  }),
  PEER_RETRY_BUDGET: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.1,
    description: 'Retries as a share of all calls to the peer, above a burst of 10; 0 allows none.',
  }),
  DRAIN_DELAY: milliseconds(
    5_000,
    60_000,
    'Between not ready and closing: how long load balancers take to look elsewhere.',
  ),
  MAX_EVENT_LOOP_DELAY: milliseconds(
    1_000,
    60_000,
    'Mean delay of the event loop from which requests are refused with 503.',
    1,
  ),
  TRUST_INBOUND_TRACE: Type.Boolean({
    default: false,
    description: 'Continue the trace of whoever calls; false starts a new one with a link.',
  }),
  TRUST_PROXY: Type.String({
    format: 'trust-list',
    default: 'false',
    description: "Whose X-Forwarded-* headers count: everybody's, nobody's, or that of these proxies.",
  }),
  EXPOSE_TRACE_ID: Type.Boolean({
    default: false,
    description: 'Send the trace id to clients in the Server-Timing header.',
  }),
  SEED: Type.Integer({
    minimum: 0,
    maximum: 2 ** 32 - 1,
    default: 1,
    description: 'Start of everything random: demo users, latencies, errors, jitter.',
  }),
  FAULTS: Type.Optional(
    Type.String({ description: 'Faults that are active from the start on, in the form of docs/faults.md.' }),
  ),
  FAULTS_FROM_HEADERS: Type.Boolean({
    default: false,
    description: 'Let whoever calls ask for faults in the x-clew-fault header.',
  }),
  FAULTS_ADMIN_TOKEN: Type.Optional(
    Type.String({ description: 'Bearer token of /admin/faults; unset: there is no such path.' }),
  ),
});

export type Config = Static<typeof configSchema>;

function milliseconds(byDefault: number, maximum: number, description: string, minimum = 0) {
  return Type.Integer({ minimum, maximum, default: byDefault, description: `${description} Milliseconds.` });
}
