import { withExemplars } from '@clew/otel-exemplars';
import { withOtlpBatches } from '@clew/otel-otlp-batch';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import './env.ts';
import { logDiagnostics } from './diagnostics.ts';
import { outgoingRequest } from './outgoing.ts';
import { views } from './views.ts';

logDiagnostics(); // first: whatever the SDK has to say about its settings, it says it to the log

// NodeSDK builds exporters, queues, sampler and resource from OTEL_* variables; hand-built providers ignore most of them.
const sdk = new NodeSDK(
  // What has ended waits for its export as bytes, and not as objects that the garbage collector has to carry along.
  withOtlpBatches(
    withExemplars(
      { instrumentations: [new UndiciInstrumentation(outgoingRequest), new RuntimeNodeInstrumentation()], views },
      // For tail sampling: the trace that an exemplar leads to has to be kept.
      { onExemplar: (span) => span.isRecording() && span.setAttribute('exemplar.recorded', true) },
    ),
  ),
);
sdk.start();
