import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AggregationTemporality,
  type IMetricReader,
  InstrumentType,
  MeterProvider,
  type PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { withExemplars } from '../src/index.ts';
import { environment, warnings } from './environment.ts';
import { TestReader } from './sdk.ts';

/** What NodeSDK is given: how many readers of ours, or undefined for its own. */
const table: { variables: Record<string, string>; readers: number | undefined; warns?: string }[] = [
  { variables: {}, readers: 1 },
  { variables: { OTEL_METRICS_EXPORTER: '', OTEL_EXPORTER_OTLP_PROTOCOL: ' ' }, readers: 1 },
  { variables: { OTEL_METRICS_EXPORTER: 'otlp' }, readers: 1 },
  { variables: { OTEL_METRICS_EXPORTER: 'otlp, console, otlp' }, readers: 2 },
  { variables: { OTEL_METRICS_EXPORTER: 'console' }, readers: undefined },
  { variables: { OTEL_METRICS_EXPORTER: 'none' }, readers: undefined },
  { variables: { OTEL_METRICS_EXPORTER: 'otlp,none' }, readers: undefined },
  { variables: { OTEL_METRICS_EXPORTER: 'otlp,prometheus' }, readers: undefined, warns: 'prometheus' },
  { variables: { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, readers: 1 },
  { variables: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, readers: undefined, warns: 'http/json' },
  { variables: { OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'smoke' }, readers: undefined, warns: 'smoke' },
  { variables: { OTEL_METRICS_EXEMPLAR_FILTER: 'always_off' }, readers: undefined },
  { variables: { OTEL_METRICS_EXEMPLAR_FILTER: 'ALWAYS_ON' }, readers: 1 },
  { variables: { OTEL_METRICS_EXEMPLAR_FILTER: 'some' }, readers: 1, warns: 'some' },
  { variables: { OTEL_METRIC_EXPORT_INTERVAL: '-1' }, readers: 1, warns: 'OTEL_METRIC_EXPORT_INTERVAL' },
  { variables: { OTEL_METRIC_EXPORT_INTERVAL: '100', OTEL_METRIC_EXPORT_TIMEOUT: '2000' }, readers: 1 },
  { variables: { OTEL_METRIC_EXPORT_TIMEOUT: 'soon' }, readers: 1, warns: 'OTEL_METRIC_EXPORT_TIMEOUT' },
  { variables: { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'x' }, readers: 1, warns: 'TEMPORALITY' },
];

for (const { variables, readers, warns } of table) {
  test(`${JSON.stringify(variables)}: ${readers ?? 'NodeSDK makes its own'} readers${warns ? ' and a warning' : ''}`, () => {
    using _ = environment(variables);
    const configuration = configure();
    assert.equal(configuration.metricReaders?.length, readers);
    const written = warnings();
    const [first] = configuration.instrumentations as [{ enable(): void }];
    first.enable(); // as NodeSDK does when it starts
    assert.equal(written.length, warns ? 1 : 0, written.join());
    assert.ok(written.every((text) => text.includes(warns as string)));
  });
}

function configure() {
  return withExemplars<{ metricReaders?: IMetricReader[]; instrumentations?: unknown[] }>({});
}

test('an interval that is longer than a timer can be is as long as one can be', async (t) => {
  using _ = environment({ OTEL_METRIC_EXPORT_INTERVAL: '1e12', OTEL_METRIC_EXPORT_TIMEOUT: '1e12' });
  const setInterval = t.mock.method(globalThis, 'setInterval');
  await new MeterProvider({ readers: configure().metricReaders ?? [] }).shutdown();
  assert.deepEqual(
    setInterval.mock.calls.map(({ arguments: [, interval] }) => interval),
    [2 ** 31 - 1],
  );
});

test('what else is configured stays', () => {
  using _ = environment({});
  const reader = new TestReader();
  const configuration = withExemplars({ serviceName: 'a', metricReaders: [reader], instrumentations: ['one', 'two'] });
  assert.equal(configuration.serviceName, 'a');
  assert.deepEqual(configuration.metricReaders, [reader]);
  assert.deepEqual(configuration.instrumentations.slice(1), ['one', 'two']);
});

const { COUNTER, UP_DOWN_COUNTER, HISTOGRAM, GAUGE, OBSERVABLE_COUNTER, OBSERVABLE_UP_DOWN_COUNTER, OBSERVABLE_GAUGE } =
  InstrumentType;

// https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/#additional-environment-variable-configuration
for (const [preference, delta] of Object.entries({
  '': [],
  cumulative: [],
  Delta: [COUNTER, HISTOGRAM, GAUGE, OBSERVABLE_COUNTER, OBSERVABLE_GAUGE],
  lowmemory: [COUNTER, HISTOGRAM],
})) {
  test(`temporality preference "${preference}" is delta for ${delta.join(', ') || 'nothing'}`, () => {
    using _ = environment({ OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: preference });
    const [reader] = configure().metricReaders as [PeriodicExportingMetricReader];
    const all = [
      COUNTER,
      HISTOGRAM,
      GAUGE,
      OBSERVABLE_COUNTER,
      OBSERVABLE_GAUGE,
      UP_DOWN_COUNTER,
      OBSERVABLE_UP_DOWN_COUNTER,
    ];
    const chosen = all.filter((type) => reader.selectAggregationTemporality(type) === AggregationTemporality.DELTA);
    assert.deepEqual(chosen, delta);
  });
}
