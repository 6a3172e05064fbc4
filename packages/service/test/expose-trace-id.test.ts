import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createApp } from '../src/create-app.ts';
import { health } from '../src/health.ts';
import { ProblemError } from '../src/problem.ts';
import { fakeTelemetry } from './fake-telemetry.ts';

async function create(t: TestContext, EXPOSE_TRACE_ID: boolean) {
  const telemetry = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY: 'false', EXPOSE_TRACE_ID }, logger: telemetry.logger });
  t.after(() => app.close());
  await app.register(telemetry.httpPlugin);
  await app.register(health);
  app.get('/', { schema: { summary: 'Root' } }, async () => ({}));
  app.get('/broken', { schema: { summary: 'Fails' } }, async () => {
    throw new ProblemError(502, 'A dependency failed.');
  });
  return app;
}

test('EXPOSE_TRACE_ID=true tells the trace of each answer, errors included', async (t) => {
  const app = await create(t, true);
  for (const path of ['/', '/broken', '/nowhere']) {
    const { headers } = await app.inject(path);
    assert.match(String(headers['server-timing']), /^traceparent;desc="00-[0-9a-f]{32}-[0-9a-f]{16}-01"$/, path);
  }
  const { headers, body } = await app.inject('/broken');
  assert.ok(String(headers['server-timing']).includes(JSON.parse(body).trace_id));
});

test('what is not traced has no trace to tell', async (t) => {
  const app = await create(t, true);
  assert.equal((await app.inject('/livez')).headers['server-timing'], undefined);
});

test('EXPOSE_TRACE_ID=false tells nothing', async (t) => {
  const app = await create(t, false);
  assert.equal((await app.inject('/')).headers['server-timing'], undefined);
});
