// The real NodeSDK, set by its standard variables, and real receivers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logs, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { withOtlpBatches } from '../src/index.ts';
import { environment, said } from './environment.ts';
import { grpcReceiver, httpReceiver } from './receivers.ts';

type Configuration = ConstructorParameters<typeof NodeSDK>[0] & {};

/** Two spans, of which one is the other's parent, and a log record; flushed by shutdown. */
async function run(configuration: Partial<Configuration> = {}): Promise<void> {
  const sdk = new NodeSDK(withOtlpBatches({ metricReaders: [], ...configuration }));
  sdk.start();
  trace.getTracer('test').startActiveSpan('parent', (parent) => {
    trace.getTracer('test').startSpan('child').end();
    logs.getLogger('test').emit({ body: 'line' });
    parent.end();
  });
  await sdk.shutdown();
}

for (const { protocol, receive, paths } of [
  {
    protocol: 'grpc',
    receive: grpcReceiver,
    paths: [
      '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
      '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    ],
  },
  { protocol: 'http/protobuf', receive: httpReceiver, paths: ['/v1/logs', '/v1/traces'] },
]) {
  test(`spans and log records arrive over ${protocol} as the standard variables say`, async () => {
    await using receiver = await receive();
    using _ = environment({
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=clew',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_SERVICE_NAME: 'named by a variable',
    });
    await run();
    assert.deepEqual(receiver.spans, ['child', 'parent']);
    assert.deepEqual(receiver.logs, ['line']);
    assert.deepEqual(receiver.requests.map(({ path }) => path).toSorted(), paths);
    for (const { headers, body } of receiver.requests) {
      assert.equal(headers['x-tenant'], 'clew');
      // @grpc/grpc-js keeps the encoding to itself.
      assert.equal(headers['content-encoding'], protocol === 'grpc' ? undefined : 'gzip');
      assert.ok(body.includes('named by a variable'));
    }
  });

  test(`${protocol} for one signal, and its own endpoint`, async () => {
    await using receiver = await receive();
    await using other = await (protocol === 'grpc' ? httpReceiver() : grpcReceiver());
    using _ = environment({
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol === 'grpc' ? 'http/protobuf' : 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: other.url,
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: protocol === 'grpc' ? receiver.url : `${receiver.url}/own/traces`,
    });
    await run();
    assert.deepEqual([receiver.spans, receiver.logs], [['child', 'parent'], []]);
    assert.deepEqual([other.spans, other.logs], [[], ['line']]);
  });
}

for (const [protocol, receiverOf, why] of [
  ['grpc', grpcReceiver, /UNAVAILABLE/],
  ['http/protobuf', httpReceiver, /retryable/],
] as const) {
  test(`what a collector refuses over ${protocol} while it starts arrives when it has started`, async () => {
    await using receiver = await receiverOf({ refuse: 1 });
    using _ = environment({
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '500', // the transport's own attempts end with this
      OTEL_LOGS_EXPORTER: 'none',
    });
    const { warnings } = said();
    const sdk = new NodeSDK(withOtlpBatches({ metricReaders: [] }));
    sdk.start();
    const provider = trace.getTracerProvider();
    trace.getTracer('test').startSpan('patient').end();
    await flushOf(provider);
    assert.deepEqual(receiver.spans, ['patient']);
    assert.match(warnings.join(), /An export of span records failed and is tried again/);
    assert.match(warnings.join(), why);
    await sdk.shutdown();
  });
}

/** The SDK's provider, behind the API's. */
function flushOf(provider: object): Promise<void> {
  const delegate = 'getDelegate' in provider ? (provider.getDelegate as () => object)() : provider;
  return (delegate as { forceFlush(): Promise<void> }).forceFlush();
}

test('unsampled spans are not exported', async () => {
  await using receiver = await httpReceiver();
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER: 'always_off' });
  await run();
  assert.deepEqual([receiver.spans, receiver.logs], [[], ['line']]);
});

test('the batch size and the queue of the variables hold', async () => {
  await using receiver = await httpReceiver();
  using _ = environment({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
    OTEL_BLRP_MAX_QUEUE_SIZE: '1',
    OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '1',
  });
  await run();
  assert.deepEqual(receiver.spans.toSorted(), ['child', 'parent']);
  assert.equal(receiver.requests.length, 3);
});

test('http/json is left to NodeSDK', async () => {
  await using receiver = await httpReceiver();
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
  await run();
  assert.deepEqual(
    receiver.requests.map(({ headers }) => headers['content-type']),
    ['application/json', 'application/json'],
  );
});

test('processors of the application are kept, and what they are not for is sent', async () => {
  await using receiver = await httpReceiver();
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
  const exporter = new InMemorySpanExporter();
  const ended: string[] = [];
  const processor = new SimpleSpanProcessor({ exporter });
  const onEnd = processor.onEnd.bind(processor);
  processor.onEnd = (span) => {
    ended.push(span.name);
    onEnd(span);
  };
  await run({ spanProcessors: [processor] });
  assert.deepEqual(ended, ['child', 'parent']);
  assert.deepEqual([receiver.spans, receiver.logs], [[], ['line']]);
});

test('OTEL_SDK_DISABLED sends nothing', async () => {
  await using receiver = await httpReceiver();
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_SDK_DISABLED: 'true' });
  await run();
  assert.equal(receiver.requests.length, 0);
});
