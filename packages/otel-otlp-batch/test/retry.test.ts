import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { OTLPExporterError } from '@opentelemetry/otlp-exporter-base';
import { backoff, isRetryable } from '../src/retry.ts';

const failure = (code?: unknown) => Object.assign(new Error('failed'), code === undefined ? {} : { code });

for (const [name, code, expected] of [
  ['UNAVAILABLE', status.UNAVAILABLE, true],
  ['ABORTED', status.ABORTED, true],
  ['RESOURCE_EXHAUSTED', status.RESOURCE_EXHAUSTED, false],
  ['DEADLINE_EXCEEDED', status.DEADLINE_EXCEEDED, false],
  ['CANCELLED', status.CANCELLED, false],
  ['INVALID_ARGUMENT', status.INVALID_ARGUMENT, false],
  ['a bad request', 400, false],
  ['a refused connection', 'ECONNREFUSED', true],
  ['no code', undefined, false],
] as const) {
  test(`${name} is ${expected ? '' : 'not '}worth another attempt`, () => {
    assert.equal(isRetryable(failure(code)), expected);
  });
}

test('what the HTTP transport calls retryable is, and it has no code', () => {
  assert.equal(isRetryable(new OTLPExporterError('Export failed with retryable status')), true);
  assert.equal(isRetryable(new OTLPExporterError('Bad Request', 400)), false);
});

test('waits grow from 1 s to 5 s, 20 % more or less', () => {
  for (const [attempt, expected] of [
    [1, 1_000],
    [2, 1_500],
    [3, 2_250],
    [9, 5_000],
  ] as const) {
    for (let i = 0; i < 50; i++) {
      const wait = backoff(attempt);
      assert.ok(wait >= expected * 0.8 && wait <= expected * 1.2, `${wait} after attempt ${attempt}`);
    }
  }
});
