import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metrics } from '@opentelemetry/api';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { OtlpBatchLogRecordProcessor, OtlpBatchSpanProcessor, withOtlpBatches } from '../src/index.ts';
import { environment } from './environment.ts';
import { selfMetrics } from './self-metrics.ts';

interface Configuration {
  spanProcessors?: SpanProcessor[];
  traceExporter?: object;
  logRecordProcessors?: LogRecordProcessor[];
  instrumentations?: unknown[];
  serviceName?: string;
}

interface Instrumentation {
  setMeterProvider(provider: object): void;
}

const configure = (configuration: Configuration = {}) => withOtlpBatches<Configuration>(configuration);

const none = undefined; // NodeSDK makes its own

for (const [variables, spans, logs] of [
  [{}, 1, 1],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 1, 1],
  [{ OTEL_TRACES_EXPORTER: 'none' }, none, 1],
  [{ OTEL_TRACES_EXPORTER: 'otlp,console' }, none, 1],
  [{ OTEL_LOGS_EXPORTER: 'console' }, 1, none],
  [{ OTEL_LOGS_EXPORTER: 'none' }, 1, none],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, none, none],
  [{ OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json' }, 1, none],
  [{ OTEL_SDK_DISABLED: 'true' }, none, none],
] as [Record<string, string>, number | undefined, number | undefined][]) {
  test(`${JSON.stringify(variables)}: processors for ${[spans && 'spans', logs && 'logs'].filter(Boolean).join(' and ') || 'nothing'}`, () => {
    using _ = environment(variables);
    const { spanProcessors, logRecordProcessors } = configure();
    assert.equal(spanProcessors?.length, spans);
    assert.ok(spanProcessors?.every((processor) => processor instanceof OtlpBatchSpanProcessor) ?? true);
    assert.equal(logRecordProcessors?.length, logs);
    assert.ok(logRecordProcessors?.every((processor) => processor instanceof OtlpBatchLogRecordProcessor) ?? true);
  });
}

test('what else is configured stays', () => {
  using _ = environment({});
  const { serviceName, instrumentations } = configure({ serviceName: 'a', instrumentations: ['one', 'two'] });
  assert.equal(serviceName, 'a');
  assert.deepEqual(instrumentations?.slice(1), ['one', 'two']);
});

test('processors of the configuration stay, an empty list of them too', () => {
  using _ = environment({});
  const spanProcessors: SpanProcessor[] = [];
  const logRecordProcessors: LogRecordProcessor[] = [];
  const configuration = configure({ spanProcessors, logRecordProcessors });
  assert.equal(configuration.spanProcessors, spanProcessors);
  assert.equal(configuration.logRecordProcessors, logRecordProcessors);
});

test('an exporter of the configuration keeps the processor that NodeSDK makes for it', () => {
  using _ = environment({});
  const { spanProcessors, logRecordProcessors } = configure({ traceExporter: {} });
  assert.equal(spanProcessors, undefined);
  assert.equal(logRecordProcessors?.length, 1);
});

for (const enabled of [true, false]) {
  test(`the processors count ${enabled ? 'what they do' : 'nothing'} with OTEL_NODE_EXPERIMENTAL_SDK_METRICS=${enabled}`, async () => {
    using _ = environment({ OTEL_NODE_EXPERIMENTAL_SDK_METRICS: String(enabled) });
    const { instrumentations, spanProcessors } = configure();
    const [first] = instrumentations as [Instrumentation];
    const { meterProvider, collect } = selfMetrics();
    first.setMeterProvider(metrics.getMeterProvider()); // the API's, as NodeSDK does first
    first.setMeterProvider(meterProvider);
    const names = (await collect()).map(({ descriptor }) => descriptor.name);
    assert.equal(names.includes('otel.sdk.processor.span.queue.capacity'), enabled);
    assert.equal(names.includes('otel.sdk.processor.log.queue.capacity'), enabled);
    await spanProcessors?.[0]?.shutdown();
  });
}
