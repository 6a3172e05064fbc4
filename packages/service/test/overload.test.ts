import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type TestContext, test } from 'node:test';
import { createApp } from '../src/create-app.ts';
import { health } from '../src/health.ts';
import { type OverloadOptions, overload } from '../src/overload.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { until } from './until.ts';

async function build(t: TestContext, options: OverloadOptions = {}) {
  const telemetry = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY: 'false' }, logger: telemetry.logger });
  t.after(() => app.close());
  await app.register(telemetry.httpPlugin);
  await app.register(health);
  await app.register(overload, options);
  await app.register(async (child) => {
    child.get('/work', async () => ({}));
  });
  await app.ready();
  return { app, telemetry };
}

test('a process that keeps up answers everything', async (t) => {
  const { app } = await build(t);
  assert.equal((await app.inject('/work')).statusCode, 200);
});

for (const { what, options, status } of [
  { what: 'what was not measured is no overload', options: {}, status: 200 },
  {
    what: 'a full heap is an overload even while no delay was measured',
    options: { maxHeapUsedBytes: 1 },
    status: 503,
  },
  { what: 'a heap without a limit is never full', options: { maxHeapUsedBytes: 0 }, status: 200 },
]) {
  test(what, async (t) => {
    t.mock.getter(Object.getPrototypeOf(monitorEventLoopDelay()), 'mean', () => Number.NaN);
    const { app } = await build(t, { ...options, sampleInterval: 10 });
    await until(() => app.memoryUsage().eventLoopDelay === Number.POSITIVE_INFINITY);
    assert.equal((await app.inject('/work')).statusCode, status);
  });
}

for (const { what, options } of [
  { what: 'the event loop is late', options: { maxEventLoopDelay: 0.001 } },
  { what: 'the heap is full', options: { maxHeapUsedBytes: 1 } },
  { what: 'the event loop is busy', options: { maxEventLoopUtilization: 1e-9 } },
]) {
  test(`while ${what}, requests are refused with 503 and probes are not`, async (t) => {
    const { app, telemetry } = await build(t, { ...options, sampleInterval: 10, retryAfter: 3 });
    const end = Date.now() + 5_000;
    let answer = await app.inject('/work');
    while (answer.statusCode === 200 && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      answer = await app.inject('/work');
    }
    assert.equal(answer.statusCode, 503);
    assert.equal(answer.headers['retry-after'], '3');
    assert.equal(answer.json().code, 'overloaded');
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    assert.equal(telemetry.requests.at(-1)?.errorType, 'overloaded');
    assert.deepEqual(telemetry.lines, [], 'no line per refused request');

    assert.ok(app.isUnderPressure());
    for (const url of ['/health', '/livez', '/ready', '/readyz']) {
      assert.equal((await app.inject(url)).statusCode, 200, url);
    }
  });
}
