import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BatchSettings, batchSettings, otlpProtocol } from '../src/settings.ts';
import { logRecords, spans } from '../src/signal.ts';
import { environment, said } from './environment.ts';

const defaults: BatchSettings = {
  maxQueueSize: 2_048,
  maxExportBatchSize: 512,
  scheduledDelayMillis: 5_000,
  exportTimeoutMillis: 30_000,
};

test('without variables they are those of the specification', () => {
  using _ = environment({});
  const { warnings } = said();
  assert.deepEqual(batchSettings(spans), defaults);
  assert.deepEqual(batchSettings(logRecords), { ...defaults, scheduledDelayMillis: 1_000 });
  assert.deepEqual(warnings, []);
});

for (const [prefix, other, signal] of [
  ['OTEL_BSP', 'OTEL_BLRP', spans],
  ['OTEL_BLRP', 'OTEL_BSP', logRecords],
] as const) {
  test(`each ${prefix}_* variable has its effect, and no ${other}_*`, () => {
    const values = { MAX_QUEUE_SIZE: '9', MAX_EXPORT_BATCH_SIZE: '8', SCHEDULE_DELAY: '7', EXPORT_TIMEOUT: '6' };
    const variables = Object.entries(values).flatMap(([name, value]): [string, string][] => [
      [`${prefix}_${name}`, value],
      [`${other}_${name}`, '1'],
    ]);
    using _ = environment(Object.fromEntries(variables));
    assert.deepEqual(batchSettings(signal), {
      maxQueueSize: 9,
      maxExportBatchSize: 8,
      scheduledDelayMillis: 7,
      exportTimeoutMillis: 6,
    });
  });
}

test('what is given wins over variables', () => {
  using _ = environment({ OTEL_BSP_MAX_QUEUE_SIZE: '9', OTEL_BSP_SCHEDULE_DELAY: '7' });
  const settings = batchSettings(spans, { maxQueueSize: 600, exportTimeoutMillis: 1 });
  assert.deepEqual(settings, { ...defaults, maxQueueSize: 600, scheduledDelayMillis: 7, exportTimeoutMillis: 1 });
});

for (const [name, value] of [
  ['MAX_QUEUE_SIZE', '0'],
  ['MAX_QUEUE_SIZE', 'many'],
  ['MAX_EXPORT_BATCH_SIZE', '-1'],
  ['SCHEDULE_DELAY', '-1'],
  ['EXPORT_TIMEOUT', 'soon'],
] as const) {
  test(`OTEL_BSP_${name}=${value} gives a warning and the default`, () => {
    using _ = environment({ [`OTEL_BSP_${name}`]: value });
    const { warnings } = said();
    assert.deepEqual(batchSettings(spans), defaults);
    assert.equal(warnings.length, 1);
    assert.ok(warnings[0]?.includes(`OTEL_BSP_${name}`) && warnings[0].includes(value), warnings.join());
  });
}

test('a number that is none, given in code, gives a warning and the default', () => {
  using _ = environment({});
  const { warnings } = said();
  assert.deepEqual(batchSettings(spans, { maxQueueSize: Number.NaN }), defaults);
  assert.deepEqual(warnings, ['maxQueueSize (OTEL_BSP_MAX_QUEUE_SIZE) is NaN, not 1 or more: using 2048.']);
});

test('a batch larger than the queue gives a warning and is as large as the queue', () => {
  using _ = environment({ OTEL_BLRP_MAX_QUEUE_SIZE: '100' });
  const { warnings } = said();
  assert.equal(batchSettings(logRecords).maxExportBatchSize, 100);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /OTEL_BLRP_MAX_EXPORT_BATCH_SIZE.* 100/);
});

test('no delay is a delay, no timeout is none, and neither is longer than a timer can be', () => {
  using _ = environment({ OTEL_BSP_SCHEDULE_DELAY: '0', OTEL_BSP_EXPORT_TIMEOUT: '0' });
  const { warnings } = said();
  assert.deepEqual(batchSettings(spans), { ...defaults, scheduledDelayMillis: 0, exportTimeoutMillis: 2 ** 31 - 1 });
  const { scheduledDelayMillis, exportTimeoutMillis } = batchSettings(spans, {
    scheduledDelayMillis: 1e12,
    exportTimeoutMillis: Number.POSITIVE_INFINITY,
  });
  assert.deepEqual([scheduledDelayMillis, exportTimeoutMillis], [2 ** 31 - 1, 2 ** 31 - 1]);
  assert.deepEqual(warnings, []);
});

for (const [variables, expected] of [
  [{}, 'http/protobuf'],
  [{ OTEL_TRACES_EXPORTER: '', OTEL_EXPORTER_OTLP_PROTOCOL: ' ' }, 'http/protobuf'],
  [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http/protobuf'],
  [{ OTEL_TRACES_EXPORTER: ' otlp, otlp' }, 'http/protobuf'],
  [{ OTEL_TRACES_EXPORTER: 'none' }, undefined],
  [{ OTEL_TRACES_EXPORTER: 'console' }, undefined],
  [{ OTEL_TRACES_EXPORTER: 'otlp,console' }, undefined],
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, undefined],
  [{ OTEL_LOGS_EXPORTER: 'none' }, 'http/protobuf'],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'grpc'],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, undefined],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'smoke' }, undefined],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' }, 'grpc'],
  [{ OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'grpc' }, 'http/protobuf'],
] as [Record<string, string>, string | undefined][]) {
  test(`spans with ${JSON.stringify(variables)}: ${expected ?? 'left to NodeSDK'}`, () => {
    using _ = environment(variables);
    assert.equal(otlpProtocol(spans), expected);
  });
}

test('log records have variables of their own', () => {
  using _ = environment({
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'grpc',
  });
  assert.equal(otlpProtocol(logRecords), 'grpc');
});
