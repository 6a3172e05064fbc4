import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Export, type SilentCollector, startSilentCollector } from '../harness/collector.ts';
import { startBackend } from '../harness/run.ts';
import { type Environment, runService } from '../harness/running-service.ts';
import { type ServiceUnderTest, services } from '../harness/services.ts';
import { waitFor } from '../harness/wait-for.ts';

interface Case {
  what: string;
  env(collector: SilentCollector): Environment;
  /** What an export of a signal has to look like. */
  expected: Record<string, Partial<Omit<Export, 'headers'>> & { headers: Record<string, string>; timeoutMs: number }>;
}

const grpcPath = (name: string) => `/opentelemetry.proto.collector.${name}Service/Export`;
const grpcPaths = {
  traces: grpcPath('trace.v1.Trace'),
  metrics: grpcPath('metrics.v1.Metrics'),
  logs: grpcPath('logs.v1.Logs'),
};

const cases: Case[] = [
  {
    what: 'every signal over grpc',
    env: ({ grpcUrl }) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: grpcUrl,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=blue',
      OTEL_EXPORTER_OTLP_TIMEOUT: '700',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    }),
    expected: Object.fromEntries(
      Object.entries(grpcPaths).map(([signal, path]) => [
        signal,
        { protocol: 'grpc', path, headers: { 'x-tenant': 'blue', 'grpc-encoding': 'gzip' }, timeoutMs: 700 },
      ]),
    ),
  },
  {
    what: 'every signal over grpc to an address without a scheme',
    env: ({ grpcUrl }) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: new URL(grpcUrl).host,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_INSECURE: 'true',
      OTEL_EXPORTER_OTLP_TIMEOUT: '700',
    }),
    expected: Object.fromEntries(
      Object.entries(grpcPaths).map(([signal, path]) => [
        signal,
        { protocol: 'grpc', path, headers: {}, timeoutMs: 700 },
      ]),
    ),
  },
  {
    what: 'every signal over http/protobuf',
    env: ({ httpUrl }) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${httpUrl}/base`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=green',
      OTEL_EXPORTER_OTLP_TIMEOUT: '700',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    }),
    expected: Object.fromEntries(
      ['traces', 'metrics', 'logs'].map((signal) => [
        signal,
        {
          protocol: 'http/protobuf',
          path: `/base/v1/${signal}`,
          headers: { 'x-tenant': 'green', 'content-encoding': 'gzip', 'content-type': 'application/x-protobuf' },
          timeoutMs: 700,
        },
      ]),
    ),
  },
  {
    what: 'each signal its own way',
    env: ({ grpcUrl, httpUrl }) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=red',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${httpUrl}/my-traces`,
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-tenant=traces',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '600',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: grpcUrl,
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-tenant=metrics',
      OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '800',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${httpUrl}/my-logs`,
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'x-tenant=logs',
      OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '1000',
    }),
    expected: {
      traces: { protocol: 'http/protobuf', path: '/my-traces', headers: { 'x-tenant': 'traces' }, timeoutMs: 600 },
      metrics: { protocol: 'grpc', path: grpcPaths.metrics, headers: { 'x-tenant': 'metrics' }, timeoutMs: 800 },
      logs: { protocol: 'http/protobuf', path: '/my-logs', headers: { 'x-tenant': 'logs' }, timeoutMs: 1000 },
    },
  },
];

describe('settings of the exporters', { concurrency: 4 }, () => {
  for (const under of services) {
    const { name } = under;

    for (const { what, env, expected } of cases) {
      it(`${name} exports ${what}, as OTEL_EXPORTER_OTLP_* say`, async () => {
        await using collector = await startSilentCollector();
        await using backend = await startBackend();
        await using service = await runService(under, backend, env(collector));
        await service.send({ path: '/api/users', route: '/api/users' });
        for (const signal of signalsOverOtlp(under)) {
          const { protocol, path, headers, timeoutMs } = expected[signal] ?? assert.fail(signal);
          const arrived = await waitFor(
            () => collector.exports.find((one) => one.path === path && one.gaveUpAfterMs !== undefined),
            `an export to ${path}; there were ${JSON.stringify(collector.exports)}`,
          );
          assert.equal(arrived.protocol, protocol);
          for (const [name, value] of Object.entries(headers)) assert.equal(arrived.headers[name], value, name);
          // Without the setting it takes 4 s. On a busy machine the export arrives late, and the rest is short.
          assert.ok(
            Number(arrived.gaveUpAfterMs) < timeoutMs + 900,
            `${signal}: gave up after ${arrived.gaveUpAfterMs} ms`,
          );
        }
        if (under.metrics !== 'otlp') assert.ok(!collector.exports.some(({ path }) => path === expected.metrics?.path));
        if (under.logs !== 'otlp') assert.ok(!collector.exports.some(({ path }) => path === expected.logs?.path));
      });
    }
  }
});

function signalsOverOtlp({ metrics, logs }: ServiceUnderTest): string[] {
  return ['traces', ...(metrics === 'otlp' ? ['metrics'] : []), ...(logs === 'otlp' ? ['logs'] : [])];
}
