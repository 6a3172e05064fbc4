import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createApp } from '../src/create-app.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { exchange, listenLocally, rawClient } from './raw-client.ts';
import { until } from './until.ts';

async function start(t: TestContext) {
  const { logger, httpPlugin } = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY: 'false' }, logger });
  await app.register(httpPlugin);
  const gate = Promise.withResolvers<void>();
  let waiting = 0;
  app.get('/gate', async () => {
    waiting += 1;
    await gate.promise;
    return { through: true };
  });
  app.get('/', async () => ({}));
  await listenLocally(app);
  t.after(() => app.close());
  return { app, open: gate.resolve, waiting: () => waiting };
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

test('a connection is kept while the service is not stopping', async (t) => {
  const { app } = await start(t);
  const client = await rawClient(app, get('/'));
  await until(() => client.received().includes('{}'));
  assert.match(client.received(), /connection: keep-alive/i);
  client.socket.destroy();
});

test('each answer is the last on its connection while draining, errors too', async (t) => {
  const { app, open, waiting } = await start(t);
  const early = await rawClient(app, get('/gate'));
  await until(() => waiting() === 1);
  app.lifecycle.draining = true;
  open();
  await until(early.closed);
  assert.match(early.received(), /connection: close/i, 'a request that was open before');

  assert.match(await exchange(app, get('/')), /^HTTP\/1.1 200[\s\S]*connection: close/i);
  assert.match(await exchange(app, get('/nowhere')), /^HTTP\/1.1 404[\s\S]*connection: close/i);
});

test('closing waits for an open request and answers it', async (t) => {
  const { app, open, waiting } = await start(t);
  const client = await rawClient(app, get('/gate'));
  await until(() => waiting() === 1);
  const closed = app.close();
  open();
  await closed;
  await until(client.closed);
  assert.match(client.received(), /"through":true/);
});

test('a request that comes on an open connection while the server closes is still answered', async (t) => {
  const { app, open, waiting } = await start(t);
  const client = await rawClient(app, get('/gate'));
  await until(() => waiting() === 1);
  const closed = app.close();
  await until(() => !app.server.listening);
  client.socket.write(get('/gate'));
  await until(() => waiting() === 2);
  open();
  await closed;
  await until(client.closed);
  assert.equal(client.received().match(/HTTP\/1.1 200/g)?.length, 2);
});

test('connections that never said anything, and idle ones, do not hold the close', async (t) => {
  const { app } = await start(t);
  const silent = await rawClient(app);
  const idle = await rawClient(app, get('/'));
  await until(() => idle.received().includes('{}'));
  const before = performance.now();
  await app.close();
  assert.ok(performance.now() - before < 5_000, 'long before any timeout');
  await until(silent.closed);
  await until(idle.closed);
});
