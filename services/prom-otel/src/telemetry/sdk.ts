import { withOtlpBatches } from '@clew/otel-otlp-batch';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import './env.ts';
import { logDiagnostics } from './diagnostics.ts';
import { outgoingRequest } from './outgoing.ts';
import { sdkMetrics } from './sdk-metrics.ts';
import { views } from './views.ts';

logDiagnostics(); // first: whatever the SDK has to say about its settings, it says it to the log

// NodeSDK builds exporter, queue, sampler and resource from OTEL_* variables; hand-built providers ignore most of them.
const sdk = new NodeSDK(
  // What has ended waits for its export as bytes, and not as objects that the garbage collector has to carry along.
  withOtlpBatches({
    instrumentations: [new UndiciInstrumentation(outgoingRequest)],
    // Without these two, NodeSDK also exports metrics and logs over OTLP.
    metricReaders: [sdkMetrics],
    views,
    ...(process.env.LOG_OUTPUT === 'stdout' && { logRecordProcessors: [] }),
  }),
);
sdk.start();
