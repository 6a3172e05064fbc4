import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { AlwaysOnSampler, type Sampler, SamplingDecision, TracerProvider } from '@opentelemetry/sdk-trace';
import { until } from '../../service/test/until.ts';
import { OtlpBatchLogRecordProcessor, OtlpBatchSpanProcessor } from '../src/index.ts';
import { environment } from './environment.ts';
import { grpcReceiver, httpReceiver } from './receivers.ts';
import { selfMetrics } from './self-metrics.ts';

const recordOnly: Sampler = { shouldSample: () => ({ decision: SamplingDecision.RECORD }) };

for (const [what, sampler, expected] of [
  ['sampled spans are exported', new AlwaysOnSampler(), ['span']],
  ['spans that are recorded, but not sampled, are not exported', recordOnly, []],
] as const) {
  test(what, async () => {
    await using receiver = await httpReceiver();
    using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const processor = new OtlpBatchSpanProcessor({ protocol: 'http/protobuf' });
    const span = new TracerProvider({ spanProcessors: [processor], sampler }).getTracer('test').startSpan('span');
    assert.ok(span.isRecording());
    span.end();
    await processor.shutdown();
    assert.deepEqual(receiver.spans, expected);
  });
}

test('a processor without NodeSDK goes by its options, and after a flush goes on', async () => {
  await using receiver = await grpcReceiver();
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '1' });
  const processor = new OtlpBatchLogRecordProcessor({ protocol: 'grpc', maxExportBatchSize: 10 });
  const logger = new LoggerProvider({ processors: [processor] }).getLogger('test');
  for (const body of ['one', 'two']) logger.emit({ body });
  await processor.forceFlush();
  assert.equal(receiver.requests.length, 1);
  logger.emit({ body: 'three' });
  await processor.shutdown();
  assert.deepEqual(receiver.logs, ['one', 'two', 'three']);
});

test('a shutdown is over, and its losses counted, within OTEL_EXPORTER_OTLP_TIMEOUT, however long a receiver asks to wait', async () => {
  await using receiver = await httpReceiver({ refuse: 1, retryAfter: '2', answers: false });
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_TIMEOUT: '3000' });
  const { meterProvider, processed } = selfMetrics();
  const processor = new OtlpBatchSpanProcessor({ protocol: 'http/protobuf', meterProvider });
  new TracerProvider({ spanProcessors: [processor] }).getTracer('test').startSpan('lost').end();
  const before = performance.now();
  await assert.rejects(processor.shutdown(), /No answer within 3000 ms/);
  assert.ok(performance.now() - before < 4_700, 'the wait, and the whole timeout after it, are 5,000 ms');
  await until(() => receiver.requests.length === 1, 'it was tried again');
  assert.deepEqual(await processed(), { TimeoutError: 1 });
});

test('a processor is told later where it counts', async () => {
  using _ = environment({});
  const { meterProvider, processed } = selfMetrics();
  const processor = new OtlpBatchSpanProcessor({ protocol: 'grpc' });
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer('test');
  await processor.shutdown();
  processor.setMeterProvider(meterProvider);
  tracer.startSpan('late').end();
  assert.deepEqual(await processed(), { already_shutdown: 1 });
});
