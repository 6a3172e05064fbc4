import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createApp, type limits } from '../src/create-app.ts';
import { fakeTelemetry } from './fake-telemetry.ts';

async function start(t: TestContext, override: Partial<typeof limits>) {
  const telemetry = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY: 'false' }, logger: telemetry.logger, override });
  t.after(() => app.close());
  await app.register(telemetry.httpPlugin);
  app.post('/hangs', () => new Promise(() => {}));
  app.post('/hangs-shorter', { handlerTimeout: 40 }, () => new Promise(() => {}));
  app.post('/begins', (_request, reply) => {
    reply.raw.writeHead(200).write('begun');
  });
  app.post('/answers', async (request) => request.body);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  telemetry.lines.length = 0; // without the one that says where it listens
  return { telemetry, url };
}

const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };

test('a handler that takes too long after a body is cut off with 503, in its own trace', async (t) => {
  const { telemetry, url } = await start(t, { handlerTimeout: 60 });
  const begin = performance.now();
  const response = await fetch(`${url}/hangs`, json);
  assert.equal(response.status, 503);
  assert.ok(performance.now() - begin >= 59);
  const problem = (await response.json()) as { code: string; trace_id: string };
  assert.equal(problem.code, 'FST_ERR_HANDLER_TIMEOUT');
  assert.equal(telemetry.lines[0]?.trace_id, problem.trace_id);
  assert.equal(telemetry.requests[0]?.errorType, 'FST_ERR_HANDLER_TIMEOUT');
});

test('a route may have a timeout of its own', async (t) => {
  const { url } = await start(t, { handlerTimeout: 60_000 });
  assert.equal((await fetch(`${url}/hangs-shorter`, json)).status, 503);
});

test('an answer that has begun is broken off', async (t) => {
  const { url } = await start(t, { handlerTimeout: 60 });
  const response = await fetch(`${url}/begins`, json);
  assert.equal(response.status, 200);
  await assert.rejects(response.text());
});

test('an answer in time is the only one', async (t) => {
  const { telemetry, url } = await start(t, { handlerTimeout: 60 });
  const response = await fetch(`${url}/answers`, json);
  assert.deepEqual(await response.json(), { a: 1 });
  await (await fetch(`${url}/hangs`, json)).arrayBuffer(); // by its end the time of the first is over, too
  assert.deepEqual(
    telemetry.requests.map(({ route, status }) => [route, status]),
    [
      ['/answers', 200],
      ['/hangs', 503],
    ],
  );
  assert.equal(telemetry.lines.length, 1);
});
