// The SDK's own batch processors and these, side by side: what they count has to have the same names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeterProvider } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { OtlpBatchLogRecordProcessor, OtlpBatchSpanProcessor } from '../src/index.ts';
import { environment } from './environment.ts';
import { httpReceiver } from './receivers.ts';
import { selfMetrics } from './self-metrics.ts';

const small = { maxQueueSize: 2, maxExportBatchSize: 2 };

/** Succeeds at the first export, and then fails. */
function officialExporter() {
  const failed = { code: ExportResultCode.FAILED, error: new Error('refused') };
  let exports = 0;
  return {
    export: (_: unknown, done: (result: ExportResult) => void) =>
      done(exports++ === 0 ? { code: ExportResultCode.SUCCESS } : failed),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

/** One batch that is delivered, and several that fail. */
async function useSpans(processor: SpanProcessor, stop: () => Promise<void>): Promise<void> {
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer('test');
  tracer.startSpan('delivered').end();
  await processor.forceFlush();
  await stop();
  for (let i = 0; i < 8; i++) tracer.startSpan('lost').end();
  await processor.forceFlush().catch(() => {});
}

async function useLogs(processor: LogRecordProcessor, stop: () => Promise<void>): Promise<void> {
  const logger = new LoggerProvider({ processors: [processor] }).getLogger('test');
  logger.emit({ body: 'delivered' });
  await processor.forceFlush();
  await stop();
  for (let i = 0; i < 8; i++) logger.emit({ body: 'lost' });
  await processor.forceFlush().catch(() => {});
}

async function measured(use: (meterProvider: MeterProvider) => Promise<void>) {
  const { meterProvider, collect } = selfMetrics();
  await use(meterProvider);
  return (await collect())
    .filter(({ descriptor }) => descriptor.name.startsWith('otel.sdk.processor.'))
    .map(({ descriptor: { name, unit }, dataPointType, dataPoints }) => {
      const attributes = dataPoints.map((point) => ({
        keys: Object.keys(point.attributes).toSorted(),
        type: point.attributes['otel.component.type'],
        name: String(point.attributes['otel.component.name']).replace(/\d+$/, 'N'),
      }));
      const isKnown = (known: (typeof attributes)[number], other: (typeof attributes)[number]) =>
        JSON.stringify(known) === JSON.stringify(other);
      const distinct = attributes.filter((one, i) => attributes.findIndex((other) => isKnown(one, other)) === i);
      return { name, unit, dataPointType, attributes: distinct };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

const nothing = async () => {};

test('spans: same metrics, units, types and attributes', async () => {
  const receiver = await httpReceiver();
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_TIMEOUT: '100' });
  const stop = () => receiver[Symbol.asyncDispose]();
  const official = await measured((selfObsMeterProvider) =>
    useSpans(new BatchSpanProcessor({ exporter: officialExporter(), selfObsMeterProvider, ...small }), nothing),
  );
  const own = await measured((meterProvider) =>
    useSpans(
      new OtlpBatchSpanProcessor({ protocol: 'http/protobuf', meterProvider, exportTimeoutMillis: 100, ...small }),
      stop,
    ),
  );
  assert.equal(official.length, 3);
  assert.deepEqual(own, official);
});

test('log records: same metrics, units, types and attributes', async () => {
  const receiver = await httpReceiver();
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_TIMEOUT: '100' });
  const stop = () => receiver[Symbol.asyncDispose]();
  const official = await measured((selfObsMeterProvider) =>
    useLogs(new BatchLogRecordProcessor({ exporter: officialExporter(), selfObsMeterProvider, ...small }), nothing),
  );
  const own = await measured((meterProvider) =>
    useLogs(
      new OtlpBatchLogRecordProcessor({ protocol: 'http/protobuf', meterProvider, exportTimeoutMillis: 100, ...small }),
      stop,
    ),
  );
  assert.equal(official.length, 3);
  assert.deepEqual(own, official);
});

test('each processor has a name of its own, and its queue is what waits', async () => {
  using _ = environment({});
  const { meterProvider, collect, value } = selfMetrics();
  const processors = [1, 2].map(
    () => new OtlpBatchSpanProcessor({ protocol: 'http/protobuf', meterProvider, ...small, maxExportBatchSize: 2 }),
  );
  const tracer = new TracerProvider({ spanProcessors: processors.slice(0, 1) }).getTracer('test');
  assert.equal(await value('queue.size'), 0);
  tracer.startSpan('waits').end();
  assert.equal(await value('queue.size'), 1);
  assert.equal(await value('queue.capacity'), 2);
  const capacity = (await collect()).find(({ descriptor }) => descriptor.name.endsWith('queue.capacity'));
  const names = new Set(capacity?.dataPoints.map(({ attributes }) => attributes['otel.component.name']));
  assert.equal(names.size, 2);
});
