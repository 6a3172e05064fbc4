import './sdk.ts'; // first: what follows gets its tracer from the started SDK
import { serviceName, version } from './env.ts';
import { listen } from './metrics-listener.ts';

export { httpPlugin } from './http-plugin.ts';
export { logger } from './logger.ts';
export { shutdown } from './shutdown.ts';

/** What this instrumentation is, for `GET /`. */
export const describe = {
  name: serviceName,
  version,
  instrumentation: 'prom-client with exemplars, OpenTelemetry SDK for traces only',
  signals: { traces: 'OTLP', metrics: 'OpenMetrics on METRICS_PORT', logs: 'JSON on stdout' },
};

await listen();
