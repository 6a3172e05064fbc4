import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../lib/settings.ts';

test('without variables it is both services of npm start, at the usual pace', () => {
  const { targets, pace, fault, traces, runId, seed } = readSettings({});
  assert.deepEqual(targets, [
    { name: 'full-otel', url: 'http://127.0.0.1:8080' },
    { name: 'prom-otel', url: 'http://127.0.0.1:8081' },
  ]);
  assert.deepEqual([pace, fault, traces, runId, seed], ['normal', true, 'baggage', 'by-hand', 1]);
});

test('a bad value is named by the option that gave it', () => {
  const flags = { RATE: '--rate', TARGETS: '--target' };
  assert.throws(() => readSettings({ RATE: '0', TARGETS: 'http://x', SEED: '-1' }, flags), {
    message: [
      'the settings of this run cannot be used:',
      '--target: "http://x" is not SERVICE=URL, such as full-otel=http://127.0.0.1:8080',
      'SEED=-1: give a number from 0 to 4294967295',
      '--rate, RATE=0: give a number from 0.01 to 1000',
    ].join('\n  '),
  });
});

test('an empty variable is none', () => {
  assert.deepEqual(readSettings({ PACE: '', SEED: '', BACKEND_URL: '' }), readSettings({}));
});

test('reads targets and addresses without the slash at their end', () => {
  const { targets, backendUrl } = readSettings({ TARGETS: 'shop=https://shop.test/', BACKEND_URL: 'http://b:1/' });
  assert.deepEqual(targets, [{ name: 'shop', url: 'https://shop.test' }]);
  assert.equal(backendUrl, 'http://b:1');
});

test('names every bad value, and what would be right', () => {
  const env = {
    TARGETS: 'http://x',
    PACE: 'slow',
    SEED: '-1',
    RUN_ID: 'a b',
    FAULT: 'maybe',
    OTLP_URL: 'here',
    RATE: 'x',
  };
  assert.throws(
    () => readSettings(env),
    ({ message }: Error) => {
      assert.match(message, /TARGETS: "http:\/\/x" is not SERVICE=URL, such as full-otel=/);
      assert.match(message, /PACE=slow: give one of normal, fast/);
      assert.match(message, /FAULT=maybe: give one of on, off/);
      assert.match(message, /SEED=-1: give a number from 0/);
      assert.match(message, /RATE=x: give a number/);
      assert.match(message, /RUN_ID=a b: give 1 to 64 letters/);
      assert.match(message, /OTLP_URL=here: give an http or https URL/);
      return true;
    },
  );
  assert.throws(() => readSettings({ TARGETS: 'a=http://x,a=http://y' }), /each service once/);
});
