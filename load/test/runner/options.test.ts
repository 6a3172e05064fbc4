import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from '../../runner/options.ts';

test('without options it is both services of npm start', () => {
  const { scenario, targets, env } = readOptions(['smoke']);
  assert.equal(scenario, 'smoke');
  assert.deepEqual(targets, ['full-otel=http://127.0.0.1:8080', 'prom-otel=http://127.0.0.1:8081']);
  assert.deepEqual(env, {});
});

test('options become variables, with or without the -- of pnpm', () => {
  const args = ['--target', 'shop=http://shop', '--pace', 'fast', '--no-fault', '--cap', '50', '--yes'];
  for (const given of [args, ['--', ...args]]) {
    const { targets, env } = readOptions(['error-burst', ...given]);
    assert.deepEqual(targets, ['shop=http://shop']);
    assert.deepEqual(env, { PACE: 'fast', FAULT: 'off', CAP: '50', YES: 'true' });
  }
});

test('knows which option gave a variable', () => {
  const { flags } = readOptions(['smoke', '--rate', '2', '--run-id', 'r', '--otlp', 'http://o']);
  assert.deepEqual(flags, { TARGETS: '--target', RATE: '--rate', RUN_ID: '--run-id', OTLP_URL: '--otlp' });
});

test('names everything that is wrong', () => {
  assert.throws(
    () => readOptions(['smoke', 'error-burst', '--target', 'http://shop', '--otlp', 'there']),
    /error-burst: one scenario at a time\n--target http:\/\/shop: give SERVICE=URL, .*\n--otlp there: give a URL/,
  );
});
