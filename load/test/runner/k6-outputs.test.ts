import assert from 'node:assert/strict';
import { test } from 'node:test';
import { k6Outputs } from '../../runner/k6-outputs.ts';

test('OTLP over HTTP, with TLS or without, below the path that is given', () => {
  const { args, env } = k6Outputs({ otlp: 'http://127.0.0.1:4318', remoteWrite: undefined, json: undefined });
  assert.deepEqual(args, ['--out', 'opentelemetry']);
  assert.equal(env.K6_OTEL_HTTP_EXPORTER_ENDPOINT, '127.0.0.1:4318');
  assert.equal(env.K6_OTEL_HTTP_EXPORTER_INSECURE, 'true');
  assert.equal(env.K6_OTEL_HTTP_EXPORTER_URL_PATH, '/v1/metrics');
  const { env: gateway } = k6Outputs({ otlp: 'https://gw.test/otlp', remoteWrite: undefined, json: undefined });
  assert.equal(gateway.K6_OTEL_HTTP_EXPORTER_INSECURE, 'false');
  assert.equal(gateway.K6_OTEL_HTTP_EXPORTER_URL_PATH, '/otlp/v1/metrics');
});

test('several at once, or none', () => {
  const { args, env } = k6Outputs({ otlp: undefined, remoteWrite: 'http://p/api/v1/write', json: 'out.json' });
  assert.deepEqual(args, ['--out', 'experimental-prometheus-rw', '--out', 'json=out.json']);
  assert.deepEqual(env, { K6_PROMETHEUS_RW_SERVER_URL: 'http://p/api/v1/write' });
  assert.deepEqual(k6Outputs({ otlp: undefined, remoteWrite: undefined, json: undefined }), { args: [], env: {} });
});
