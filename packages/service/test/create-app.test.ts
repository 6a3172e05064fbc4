import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createApp, limits } from '../src/create-app.ts';
import { fakeTelemetry } from './fake-telemetry.ts';

function create(t: TestContext, TRUST_PROXY = 'false') {
  const telemetry = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY }, logger: telemetry.logger });
  t.after(() => app.close());
  app.get('/', { schema: { summary: 'Root' } }, async ({ ip, log }) => {
    log.info('in a handler');
    return { ip, sameLogger: log === app.log };
  });
  return { app, telemetry };
}

test('no timeout is left at "never"', async (t) => {
  const { app } = create(t);
  const { server, initialConfig } = app;
  assert.equal(Object(initialConfig).handlerTimeout, limits.handlerTimeout);
  assert.equal(initialConfig.bodyLimit, limits.bodyLimit);
  assert.equal(server.requestTimeout, limits.requestTimeout);
  assert.equal(server.headersTimeout, limits.headersTimeout);
  assert.equal(server.timeout, limits.connectionTimeout);
  assert.equal(server.keepAliveTimeout, limits.keepAliveTimeout);
  assert.ok(limits.connectionTimeout > limits.requestTimeout + limits.handlerTimeout);
});

test('requests share one logger and get no line from Fastify', async (t) => {
  const { app, telemetry } = create(t);
  const answer = await app.inject('/');
  assert.equal(answer.json().sameLogger, true);
  await app.inject('/nowhere');
  assert.deepEqual(
    telemetry.lines.map(({ msg }) => msg),
    ['in a handler'],
  );
});

test('nothing that Fastify has deprecated is used', async (t) => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on('warning', onWarning);
  t.after(() => process.off('warning', onWarning));
  await create(t).app.inject('/');
  await new Promise(setImmediate);
  assert.deepEqual(warnings, []);
});

for (const { setting, ip } of [
  { setting: 'false', ip: '127.0.0.1' },
  { setting: 'true', ip: '203.0.113.9' },
  { setting: 'loopback', ip: '198.51.100.1' },
  { setting: '127.0.0.1,198.51.100.0/24', ip: '203.0.113.9' },
  { setting: '10.0.0.0/8', ip: '127.0.0.1' },
]) {
  test(`TRUST_PROXY=${setting} takes ${ip} for the client`, async (t) => {
    const { app } = create(t, setting);
    const answer = await app.inject({ url: '/', headers: { 'x-forwarded-for': '203.0.113.9, 198.51.100.1' } });
    assert.equal(answer.json().ip, ip);
  });
}

test('endpoints are listed with their summary, once each', async (t) => {
  const { app } = create(t);
  app.route({ method: ['PUT', 'DELETE'], url: '/things/:id', handler: async () => ({}) });
  await app.ready();
  assert.deepEqual(app.endpoints, [
    { method: 'GET', path: '/', summary: 'Root' },
    { method: 'PUT', path: '/things/:id', summary: '' },
    { method: 'DELETE', path: '/things/:id', summary: '' },
  ]);
});
