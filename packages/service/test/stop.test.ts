import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createApp } from '../src/create-app.ts';
import { health } from '../src/health.ts';
import { stop } from '../src/stop.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { listenLocally, rawClient } from './raw-client.ts';
import { until } from './until.ts';

async function start(t: TestContext) {
  const telemetry = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY: 'false' }, logger: telemetry.logger });
  await app.register(telemetry.httpPlugin);
  await app.register(health);
  const gate = Promise.withResolvers<void>();
  let waiting = 0;
  app.get('/gate', async () => {
    waiting += 1;
    await gate.promise;
    return { through: true };
  });
  const url = await listenLocally(app);
  telemetry.lines.length = 0;
  t.after(() => {
    app.server.closeAllConnections();
    return app.close();
  });
  const messages = () => telemetry.lines.map(({ msg }) => msg);
  return { app, telemetry, url, messages, open: gate.resolve, waiting: () => waiting };
}

const getGate = 'GET /gate HTTP/1.1\r\nHost: x\r\n\r\n';

test('the service is not ready but answers until the drain delay is over, and telemetry is last', async (t) => {
  const { app, telemetry, url, messages, open, waiting } = await start(t);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let shutdownAfter: number | undefined;
  telemetry.shutdown = async () => {
    shutdownAfter = telemetry.requests.length;
  };
  const client = await rawClient(app, getGate);
  const stopped = stop({ app, telemetry, drainDelay: 5_000 });

  const ready = await fetch(`${url}/ready`);
  assert.equal(ready.status, 503);
  assert.equal(ready.headers.get('connection'), 'close');
  assert.equal((await fetch(`${url}/health`)).status, 200, 'still open for requests');
  t.mock.timers.tick(4_999);
  assert.equal((await fetch(`${url}/health`)).status, 200, 'until the last moment');
  assert.deepEqual(messages(), ['server stopping']);

  await until(() => waiting() === 1);
  t.mock.timers.tick(1);
  t.mock.timers.reset();
  await until(() => !app.server.listening);
  assert.equal(shutdownAfter, undefined, 'not while a request is open');
  open();
  assert.equal(await stopped, true);
  assert.equal(shutdownAfter, 1, 'after the last request has been counted');
  await until(client.closed);
  assert.match(client.received(), /"through":true/);
  assert.deepEqual(messages(), ['server stopping', 'server stopped']);
});

test('a request that outlives the close is aborted, counted and told', async (t) => {
  const { app, telemetry, messages, waiting } = await start(t);
  const client = await rawClient(app, getGate);
  await until(() => waiting() === 1);
  let shutdownAfter: number | undefined;
  telemetry.shutdown = async () => {
    shutdownAfter = telemetry.requests.length;
  };
  assert.equal(await stop({ app, telemetry, drainDelay: 0, closeTimeout: 20 }), true);
  await until(client.closed);
  assert.equal(shutdownAfter, 1);
  assert.equal(telemetry.requests[0]?.errorType, 'aborted');
  assert.deepEqual(messages(), ['server stopping', 'connections aborted', 'server stopped']);
  assert.equal(telemetry.lines[1]?.['clew.connections.aborted'], 1);
});

test('a plugin that cannot close is logged and keeps telemetry from nothing', async (t) => {
  const { app, telemetry, messages } = await start(t);
  const broken = createApp({ config: { TRUST_PROXY: 'false' }, logger: telemetry.logger });
  broken.addHook('onClose', async () => {
    throw new Error('stuck');
  });
  await broken.ready();
  assert.equal(await stop({ app: broken, telemetry, drainDelay: 0 }), true);
  assert.deepEqual(messages(), ['server stopping', 'server not closed cleanly', 'server stopped']);
  assert.equal(telemetry.shutdowns, 1);
  await app.close();
});

test('telemetry that takes too long, or fails, holds nothing up', async (t) => {
  const { app, telemetry } = await start(t);
  const hangs = () => new Promise<void>(() => {});
  assert.equal(
    await stop({ app, telemetry: { ...telemetry, shutdown: hangs }, drainDelay: 0, shutdownTimeout: 10 }),
    false,
  );
  const fails = async () => {
    throw new Error('no collector');
  };
  assert.equal(await stop({ app, telemetry: { ...telemetry, shutdown: fails }, drainDelay: 0 }), false);
});
