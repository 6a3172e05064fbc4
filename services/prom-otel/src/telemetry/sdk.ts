import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import './env.ts';
import { logDiagnostics } from './diagnostics.ts';
import { outgoingRequest } from './outgoing.ts';
import { sdkMetrics } from './sdk-metrics.ts';

// NodeSDK builds exporter, queue, sampler and resource from OTEL_* variables; hand-built providers ignore most of them.
const sdk = new NodeSDK({
  instrumentations: [new UndiciInstrumentation(outgoingRequest)],
  // Traces only: without these two, NodeSDK also exports metrics and logs over OTLP.
  metricReaders: [sdkMetrics],
  logRecordProcessors: [],
});
logDiagnostics(); // after the constructor, which sets a console logger of its own when OTEL_LOG_LEVEL is set
sdk.start();
