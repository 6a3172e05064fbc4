import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { clientGone } from '../src/client-gone.ts';
import { createApp } from '../src/create-app.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { listenLocally, rawClient } from './raw-client.ts';
import { until } from './until.ts';

async function start(t: TestContext) {
  const telemetry = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY: 'false' }, logger: telemetry.logger });
  await app.register(telemetry.httpPlugin);
  const signals: AbortSignal[] = [];
  app.post('/wait', async (_request, reply) => {
    const signal = clientGone(reply);
    signals.push(signal);
    await delay(60_000, undefined, { signal });
  });
  app.post('/answer', async (_request, reply) => {
    signals.push(clientGone(reply));
    return {};
  });
  await listenLocally(app);
  t.after(() => app.close());
  return { app, telemetry, signals };
}

const post = (path: string) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`;

test('the signal aborts when the client goes away, not when its request has been read', async (t) => {
  const { app, telemetry, signals } = await start(t);
  const client = await rawClient(app, post('/wait'));
  await until(() => signals.length === 1);
  assert.equal(signals[0]?.aborted, false);
  client.socket.destroy();
  await until(() => signals[0]?.aborted === true);
  await until(() => telemetry.requests.length === 1);
  assert.equal(telemetry.requests[0]?.errorType, 'aborted');
  assert.deepEqual(
    telemetry.lines.map(({ level }) => level),
    ['info'],
    'work that is given up is no failure',
  );
});

test('the signal does not abort when the client has its answer', async (t) => {
  const { app, telemetry, signals } = await start(t);
  const client = await rawClient(app, post('/answer'));
  await until(() => client.received().includes('{}'));
  client.socket.destroy();
  await until(() => telemetry.requests.length === 1);
  assert.equal(signals[0]?.aborted, false);
});
