// What this service sets before the SDK reads its environment. Everything here is a default: a variable that is already
// set wins, so every OTEL_* variable of the specification keeps its meaning.
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/

const defaults: Record<string, string> = {
  OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
  // `env` last, so that OTEL_RESOURCE_ATTRIBUTES wins over what is detected. `process` is left out: it would put the
  // command line, and any secret in it, on every resource.
  OTEL_NODE_RESOURCE_DETECTORS: 'host,serviceinstance,env',
  // The SDK's queues of 2,048 in batches of 512 lose most records at 512 connections, without a word.
  OTEL_BSP_MAX_QUEUE_SIZE: '16384',
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4096',
  // The SDK's 5 s and 1 s are long for somebody who waits for a trace.
  OTEL_BSP_SCHEDULE_DELAY: '200',
  OTEL_BLRP_MAX_QUEUE_SIZE: '16384',
  OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '4096',
  OTEL_BLRP_SCHEDULE_DELAY: '200',
  // Without a limit one attribute may be as long as a request's body. Stacks are seldom longer than this.
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '4096',
  // Below the deadline of shutdown.ts, so that what is not delivered by then has failed, and is counted.
  OTEL_EXPORTER_OTLP_TIMEOUT: '4000',
  // Also the interval in which each histogram bucket gives one exemplar.
  OTEL_METRIC_EXPORT_INTERVAL: '15000',
  // The SDK counts what it drops (`otel.sdk.*`).
  OTEL_NODE_EXPERIMENTAL_SDK_METRICS: 'true',
  LOG_LEVEL: 'info',
  LOG_OUTPUT: 'otlp',
};
// An empty value means unset: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#parsing-empty-value
for (const [name, value] of Object.entries(defaults)) process.env[name] ||= value;

// The later of two equal keys wins, so what the user gives comes last.
process.env.OTEL_RESOURCE_ATTRIBUTES = [
  'service.namespace=clew',
  'service.version=0.1.0',
  'deployment.environment.name=development',
  process.env.OTEL_RESOURCE_ATTRIBUTES,
]
  .filter(Boolean)
  .join(',')
  // A value with a bare `=`, which has to be `%3D`, makes the SDK discard every attribute without a word.
  .replace(/(?<==[^,]*)=/g, '%3D');

export const version = resourceAttribute('service.version');

// OTEL_SERVICE_NAME wins over a `service.name` among the attributes, so it is set only where neither says anything.
process.env.OTEL_SERVICE_NAME ||= resourceAttribute('service.name') || 'full-otel';
export const serviceName = process.env.OTEL_SERVICE_NAME;

/** Empty when there is none, as it stands when it is not well encoded. */
function resourceAttribute(name: string): string {
  const pairs = process.env.OTEL_RESOURCE_ATTRIBUTES?.split(',').map((pair) => pair.split('='));
  const value = pairs?.findLast(([key]) => key?.trim() === name)?.[1] ?? '';
  return decode(value.trim());
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
