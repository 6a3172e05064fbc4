import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { createApp } from '../src/create-app.ts';
import { openapi } from '../src/openapi.ts';
import { problemResponses } from '../src/problem.ts';
import { fakeTelemetry } from './fake-telemetry.ts';

test('/openapi.json describes the routes from their schemas', async (t) => {
  const { logger, describe } = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY: 'false' }, logger });
  t.after(() => app.close());
  await app.register(openapi, { describe });
  const schema = {
    summary: 'One thing',
    params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
    response: { 200: Type.Object({ id: Type.Integer() }), ...problemResponses(404) },
  };
  app.get('/things/:id', { schema }, async ({ params }) => params);

  const answer = await app.inject('/openapi.json');
  assert.match(String(answer.headers['content-type']), /^application\/json/);
  const document = answer.json();
  assert.equal(document.openapi, '3.1.0');
  assert.deepEqual(document.info, { title: 'fake', version: '0.0.0', description: 'none' });
  assert.deepEqual(Object.keys(document.paths), ['/things/{id}']);
  const { get, head } = document.paths['/things/{id}'];
  assert.equal(head, undefined);
  assert.equal(get.summary, 'One thing');
  assert.equal(get.parameters[0].schema.minimum, 1);
  assert.deepEqual(Object.keys(get.responses), ['200', '404', '500', '503']);
  assert.ok(get.responses[404].content['application/problem+json'].schema.properties.trace_id);
});
