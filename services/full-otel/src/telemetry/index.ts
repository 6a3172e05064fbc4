import './sdk.ts'; // first: what follows gets its tracer and meter from the started SDK
import { serviceName, version } from './env.ts';

export { httpPlugin } from './http-plugin.ts';
export { logger } from './logger.ts';
export { shutdown } from './shutdown.ts';

/** What this instrumentation is, for `GET /`. */
export const describe = {
  name: serviceName,
  version,
  instrumentation: 'OpenTelemetry SDK in code, every signal over OTLP',
  signals: { traces: 'OTLP', metrics: 'OTLP', logs: 'OTLP' },
};
