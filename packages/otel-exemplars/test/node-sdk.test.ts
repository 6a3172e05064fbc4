// The real NodeSDK, set by its standard variables, and real receivers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metrics, trace } from '@opentelemetry/api';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createOtlpMetricExporter, withExemplars } from '../src/index.ts';
import type { SdkMeterProvider } from '../src/meter-provider.ts';
import { environment, warnings } from './environment.ts';
import type { DecodedMetric } from './otlp.ts';
import { grpcReceiver, httpReceiver, type Receiver } from './receivers.ts';

type Configuration = ConstructorParameters<typeof NodeSDK>[0] & {};
type Spans = NonNullable<Configuration['spanProcessors']>;

/** What ended spans were called, and their attributes. */
function spanCollector(ended: Record<string, object>): Spans {
  return [
    {
      onStart() {},
      onEnd(span) {
        ended[span.name] = span.attributes;
      },
      forceFlush: async () => {},
      shutdown: async () => {},
    },
  ];
}

/** One histogram, measured in two sampled spans, and a counter outside of any; flushed by shutdown. */
async function measure(configuration: Partial<Configuration> = {}, options: Parameters<typeof withExemplars>[1] = {}) {
  const ended: Record<string, object> = {};
  const spanProcessors = spanCollector(ended);
  const sdk = new NodeSDK(withExemplars({ spanProcessors, logRecordProcessors: [], ...configuration }, options));
  sdk.start();
  const tracer = trace.getTracer('test');
  const meter = metrics.getMeter('test');
  const histogram = meter.createHistogram('latency', { unit: 's', advice: { explicitBucketBoundaries: [1, 2] } });
  const ids = [0.5, 1.5].map((value) =>
    tracer.startActiveSpan(`took ${value}`, (span) => {
      histogram.record(value, { route: '/' });
      span.end();
      const { traceId, spanId } = span.spanContext();
      return { traceId, spanId };
    }),
  );
  meter.createCounter('outside').add(1);
  await sdk.shutdown();
  return { ids, ended };
}

function exemplarIds({ requests }: Receiver, name = 'latency'): unknown[] {
  const sent: DecodedMetric[] = requests.flatMap((request) => request.metrics);
  const points = sent.filter((metric) => metric.name === name).flatMap((metric) => metric.points);
  return points.flatMap(({ exemplars }) => exemplars.map(({ traceId, spanId }) => ({ traceId, spanId })));
}

const protocols = [
  { protocol: 'grpc', receive: grpcReceiver, path: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export' },
  { protocol: 'http/protobuf', receive: httpReceiver, path: '/v1/metrics' },
];

for (const { protocol, receive, path } of protocols) {
  test(`exemplars arrive over ${protocol} as the standard variables say`, async () => {
    await using receiver = await receive();
    using _ = environment({
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=clew',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    });
    const { ids, ended } = await measure({}, { onExemplar: (span) => span.setAttribute('exemplar.recorded', true) });
    assert.deepEqual(exemplarIds(receiver), ids);
    assert.deepEqual(exemplarIds(receiver, 'outside'), []);
    assert.deepEqual(ended, { 'took 0.5': { 'exemplar.recorded': true }, 'took 1.5': { 'exemplar.recorded': true } });
    const [request] = receiver.requests;
    assert.equal(request?.path, path);
    assert.equal(request?.headers['x-tenant'], 'clew');
    // @grpc/grpc-js keeps the encoding to itself.
    assert.equal(request?.headers['content-encoding'], protocol === 'grpc' ? undefined : 'gzip');
    assert.equal(request?.metrics[0]?.temporality, 2, 'cumulative');
  });

  test(`variables for metrics alone win over ${protocol}`, async () => {
    await using receiver = await receive();
    using _ = environment({
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol === 'grpc' ? 'http/protobuf' : 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: protocol === 'grpc' ? receiver.url : `${receiver.url}/own/path`,
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-tenant=metrics',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
    });
    const { ids } = await measure();
    assert.deepEqual(exemplarIds(receiver), ids);
    assert.equal(receiver.requests[0]?.headers['x-tenant'], 'metrics');
    assert.equal(receiver.requests[0]?.path, protocol === 'grpc' ? path : '/own/path');
    assert.equal(receiver.requests[0]?.metrics[0]?.temporality, 1, 'delta');
  });
}

test('exports follow OTEL_METRIC_EXPORT_INTERVAL', async () => {
  await using receiver = await httpReceiver();
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRIC_EXPORT_INTERVAL: '50' });
  const sdk = new NodeSDK(withExemplars({ spanProcessors: [], logRecordProcessors: [] }));
  sdk.start();
  const counter = metrics.getMeter('test').createCounter('sent');
  while (receiver.requests.length < 3) {
    counter.add(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await sdk.shutdown();
});

test('the exemplars of an unsampled trace are not sent', async () => {
  await using receiver = await httpReceiver();
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER: 'always_off' });
  await measure();
  assert.equal(receiver.requests.length, 1);
  assert.deepEqual(exemplarIds(receiver), []);
});

test('instrumentations measure through the decorated provider, too', async () => {
  await using receiver = await httpReceiver();
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
  let provider = metrics.getMeterProvider();
  const instrumentation = {
    instrumentationName: 'test',
    instrumentationVersion: '1',
    getConfig: () => ({}),
    setConfig() {},
    setTracerProvider() {},
    setMeterProvider(given: typeof provider) {
      provider = given;
    },
    enable() {},
    disable() {},
  };
  const sdk = new NodeSDK(
    withExemplars({ instrumentations: [instrumentation], spanProcessors: spanCollector({}), logRecordProcessors: [] }),
  );
  sdk.start();
  const requests = provider.getMeter('instrumentation').createCounter('requests');
  const spanId = trace.getTracer('test').startActiveSpan('request', (span) => {
    requests.add(1);
    span.end();
    return span.spanContext().spanId;
  });
  await sdk.shutdown();
  assert.deepEqual(
    exemplarIds(receiver, 'requests').map((ids) => (ids as { spanId: string }).spanId),
    [spanId],
  );
});

test('readers of the application keep their exporters and their views', async () => {
  await using receiver = await grpcReceiver();
  await using other = await httpReceiver();
  using _ = environment({
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: receiver.url,
  });
  const grpc = new PeriodicExportingMetricReader({ exporter: createOtlpMetricExporter('grpc') });
  process.env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT = `${other.url}/v1/metrics`;
  const http = new PeriodicExportingMetricReader({ exporter: createOtlpMetricExporter('http/protobuf') });
  const { ids } = await measure({
    metricReaders: [grpc, http],
    views: [{ instrumentName: 'latency', name: 'renamed' }],
  });
  assert.deepEqual(exemplarIds(receiver, 'renamed'), ids);
  assert.deepEqual(exemplarIds(other, 'renamed'), ids);
});

test('with http/json metrics are sent without exemplars, and a warning says so', async () => {
  await using receiver = await httpReceiver();
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
  const written = warnings();
  await measure();
  assert.equal(receiver.requests[0]?.headers['content-type'], 'application/json');
  assert.deepEqual(written, ['No exemplars with the OTLP protocol "http/json".']);
});

test('OTEL_METRICS_EXEMPLAR_FILTER=always_off sends none, and an unknown filter is warned about', async () => {
  for (const [filter, count] of [
    ['always_off', 0],
    ['most', 2],
  ] as const) {
    await using receiver = await httpReceiver();
    using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXEMPLAR_FILTER: filter });
    const written = warnings();
    await measure();
    assert.equal(receiver.requests[0]?.metrics.length, 2);
    assert.equal(exemplarIds(receiver).length, count);
    assert.deepEqual(
      written.map((text) => text.includes('OTEL_METRICS_EXEMPLAR_FILTER="most"')),
      count ? [true] : [],
    );
  }
});

test('OTEL_SDK_DISABLED leaves the API without a provider', async () => {
  await using receiver = await httpReceiver();
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_SDK_DISABLED: 'true' });
  const none = metrics.getMeterProvider();
  const sdk = new NodeSDK(withExemplars({}));
  sdk.start();
  assert.equal(metrics.getMeterProvider(), none);
  await sdk.shutdown();
  assert.equal(receiver.requests.length, 0);
});

test('the global provider can be flushed and shut down', async () => {
  await using receiver = await httpReceiver();
  using _ = environment({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
  new NodeSDK(withExemplars({ spanProcessors: [], logRecordProcessors: [] })).start();
  const provider = metrics.getMeterProvider() as SdkMeterProvider;
  provider.getMeter('test').createCounter('sent').add(1);
  await provider.forceFlush();
  assert.equal(receiver.requests.length, 1);
  await provider.shutdown();
  assert.equal(receiver.requests.length, 2);
});
