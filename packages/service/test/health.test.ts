import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createApp } from '../src/create-app.ts';
import { type HealthOptions, health } from '../src/health.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { until } from './until.ts';

async function build(t: TestContext, options: HealthOptions = {}) {
  const telemetry = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY: 'false' }, logger: telemetry.logger });
  t.after(() => app.close());
  await app.register(telemetry.httpPlugin);
  await app.register(health, options);
  await app.ready();
  const ready = async () => {
    const answer = await app.inject('/ready');
    return { status: answer.statusCode, body: answer.json() };
  };
  return { app, telemetry, ready };
}

const fine = { status: 200, body: { status: 'ok' } };
const unavailable = (...reasons: string[]) => ({ status: 503, body: { status: 'unavailable', reasons } });

test('a service without dependencies is alive and ready, and probes are no requests', async (t) => {
  const { app, telemetry } = await build(t);
  for (const url of ['/health', '/livez', '/ready', '/readyz']) {
    const answer = await app.inject(url);
    assert.deepEqual([answer.statusCode, answer.json()], [200, { status: 'ok' }], url);
  }
  assert.deepEqual(telemetry.requests, []);
  assert.deepEqual(telemetry.lines, []);
});

test('a draining service is alive but not ready', async (t) => {
  const { app, ready } = await build(t);
  app.lifecycle.draining = true;
  assert.deepEqual(await ready(), unavailable('draining'));
  assert.equal((await app.inject('/readyz')).statusCode, 503);
  assert.equal((await app.inject('/health')).statusCode, 200);
});

test('a failing dependency is named, logged once, and forgotten when it is back', async (t) => {
  let works = false;
  let checks = 0;
  const database = async () => {
    checks += 1;
    if (!works) throw new Error('password authentication failed');
  };
  const { app, telemetry, ready } = await build(t, { dependencies: { database }, interval: 1 });
  assert.deepEqual(await ready(), unavailable('database'), 'known before the first probe');
  await until(() => checks > 3);
  assert.deepEqual(
    telemetry.lines.map(({ level, msg, dependency }) => [level, msg, dependency]),
    [['warn', 'dependency unavailable', 'database']],
  );
  works = true;
  await until(() => telemetry.lines.length === 2);
  assert.equal(telemetry.lines[1]?.msg, 'dependency available');
  assert.deepEqual(await ready(), fine);

  await app.close();
  const before = checks;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(checks, before, 'no check after the close');
});

test('a dependency that does not answer makes no probe wait', async (t) => {
  let signal: AbortSignal | undefined;
  const hangs = (given: AbortSignal) => {
    signal = given;
    return new Promise(() => {});
  };
  const { ready } = await build(t, { dependencies: { hangs, works: async () => 1 }, timeout: 20 });
  assert.deepEqual(await ready(), unavailable('hangs'));
  await until(() => signal?.aborted === true);
});
