import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { logs, metrics, trace } from '@opentelemetry/api';

Object.assign(process.env, { HOST: '127.0.0.1', METRICS_PORT: '0', METRICS_LINGER: '60000', LOG_OUTPUT: 'stdout' });
// Not before: they read the environment.
const { stdout } = await import('../../src/telemetry/stdout.ts');
const { listen } = await import('../../src/telemetry/metrics-listener.ts');
const { shutdown } = await import('../../src/telemetry/shutdown.ts');

/** What is over, in its order. */
const over: string[] = [];
const provider = (signal: string, ms: number) => () => ({
  async shutdown() {
    if (ms > 0) await delay(ms);
    over.push(signal);
  },
});
mock.method(trace, 'getTracerProvider', provider('traces', 20));
mock.method(logs, 'getLoggerProvider', provider('logs', 20));
mock.method(metrics, 'getMeterProvider', provider('metrics', 0)); // if it came too early, it would be over by then
const lines: string[] = [];
mock.method(stdout, 'write', (line: string) => lines.push(line));
const flushed = Promise.withResolvers<void>();
mock.method(stdout, 'flush', (done: () => void) => {
  over.push('stdout');
  flushed.resolve();
  done();
});

test('spans, logs and stdout are out before the metrics wait for a scrape, and the scrape comes before the end', async () => {
  await listen();
  const port = JSON.parse(lines.at(-1) ?? '')['server.port'];
  const stopped = shutdown();
  await Promise.race([flushed.promise, delay(5_000, undefined, { ref: false })]);
  await turn();
  const beforeScrape = [...over];
  await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await stopped;
  assert.deepEqual(beforeScrape, ['traces', 'logs', 'stdout']);
  assert.deepEqual(over.slice(3), ['metrics', 'stdout']);
  await assert.rejects(fetch(`http://127.0.0.1:${port}/metrics`), 'the listener is closed');
});
