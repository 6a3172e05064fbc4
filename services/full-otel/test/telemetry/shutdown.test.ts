import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { logs, metrics, trace } from '@opentelemetry/api';
import { shutdown } from '../../src/telemetry/shutdown.ts';
import { stdout } from '../../src/telemetry/stdout.ts';

/** What is over, in its order. */
const over: string[] = [];
const provider = (signal: string) => () => ({
  async shutdown() {
    await delay(20);
    over.push(signal);
  },
});
mock.method(trace, 'getTracerProvider', provider('traces'));
mock.method(logs, 'getLoggerProvider', provider('logs'));
mock.method(metrics, 'getMeterProvider', provider('metrics'));
mock.method(stdout, 'flush', (done: () => void) => {
  over.push('stdout');
  done();
});

test('metrics are handed over after spans and logs, whose losses they count, and stdout last', async () => {
  await shutdown();
  assert.deepEqual(over, ['traces', 'logs', 'metrics', 'stdout']);
});
