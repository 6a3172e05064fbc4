import type { MeterProvider } from '@opentelemetry/api';
import { getBooleanFromEnv } from '@opentelemetry/core';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { OtlpBatchLogRecordProcessor, OtlpBatchSpanProcessor } from './processors.ts';
import { otlpProtocol } from './settings.ts';
import { logRecords, spans } from './signal.ts';

/** The part of NodeSDK's configuration that is read and changed here. */
interface Configuration {
  instrumentations?: unknown[];
  spanProcessors?: SpanProcessor[];
  traceExporter?: unknown;
  logRecordProcessors?: LogRecordProcessor[];
}

/**
 * A configuration of NodeSDK whose spans and log records are encoded when they end, and wait for their export as bytes.
 * The standard variables keep their meaning; processors and exporters of the configuration are kept, and whatever is not
 * OTLP over grpc or http/protobuf is left to NodeSDK.
 *
 * @example
 * const sdk = new NodeSDK(withOtlpBatches({ instrumentations: [new UndiciInstrumentation()] }));
 * sdk.start();
 */
export function withOtlpBatches<C extends object>(configuration: C & Configuration): C {
  if (getBooleanFromEnv('OTEL_SDK_DISABLED')) return configuration;
  const spanProcessor =
    configuration.spanProcessors || configuration.traceExporter ? undefined : spanProcessorFromEnv();
  const logProcessor = configuration.logRecordProcessors ? undefined : logRecordProcessorFromEnv();
  const processors = [spanProcessor, logProcessor].filter((processor) => processor !== undefined);
  return {
    ...configuration,
    ...(spanProcessor && { spanProcessors: [spanProcessor] }),
    ...(logProcessor && { logRecordProcessors: [logProcessor] }),
    instrumentations: [countingFromStart(processors), ...(configuration.instrumentations ?? [])],
  };
}

function spanProcessorFromEnv(): OtlpBatchSpanProcessor | undefined {
  const protocol = otlpProtocol(spans);
  return protocol && new OtlpBatchSpanProcessor({ protocol });
}

function logRecordProcessorFromEnv(): OtlpBatchLogRecordProcessor | undefined {
  const protocol = otlpProtocol(logRecords);
  return protocol && new OtlpBatchLogRecordProcessor({ protocol });
}

/**
 * NodeSDK gives its own processors its meter provider, and every instrumentation. So an instrumentation hands it on to
 * processors that it is not asked to make.
 */
function countingFromStart(processors: { setMeterProvider(meterProvider: MeterProvider): void }[]) {
  return {
    instrumentationName: '@clew/otel-otlp-batch',
    instrumentationVersion: '0.1.0',
    getConfig: () => ({ enabled: false }),
    setConfig() {},
    setTracerProvider() {},
    setMeterProvider(provider: MeterProvider) {
      if (!('shutdown' in provider)) return; // the API's own, which instrumentations are given first
      if (!getBooleanFromEnv('OTEL_NODE_EXPERIMENTAL_SDK_METRICS')) return;
      for (const processor of processors) processor.setMeterProvider(provider);
    },
    enable() {},
    disable() {},
  };
}
