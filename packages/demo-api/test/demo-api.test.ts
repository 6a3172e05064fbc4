import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildApi } from './build-api.ts';

const paths = ['/', '/api/users', '/api/users/:id', '/api/data', '/api/slow', '/api/error'];
const probes = ['/health', '/livez', '/ready', '/readyz'];

test('GET / says what this is and lists every endpoint with a summary', async (t) => {
  const { app, telemetry } = await buildApi(t);
  const answer = await app.inject('/');
  assert.equal(answer.statusCode, 200);
  const { endpoints, ...rest } = answer.json();
  assert.deepEqual(rest, telemetry.describe);
  assert.deepEqual(
    endpoints.map(({ path }: { path: string }) => path),
    [...probes, '/openapi.json', ...paths],
  );
  for (const { method, summary } of endpoints) {
    assert.equal(method, 'GET');
    assert.notEqual(summary, '');
  }
});

test('the OpenAPI document has every endpoint with all its answers', async (t) => {
  const { app } = await buildApi(t);
  const document = (await app.inject('/openapi.json')).json();
  const template = (path: string) => path.replace(':id', '{id}');
  assert.deepEqual(Object.keys(document.paths), paths.map(template));
  const statuses = Object.fromEntries(
    Object.entries<{ get: { responses: object } }>(document.paths).map(([path, { get }]) => [
      path,
      Object.keys(get.responses).join(' '),
    ]),
  );
  assert.deepEqual(statuses, {
    '/': '200 500 503',
    '/api/users': '200 400 500 503',
    '/api/users/{id}': '200 400 404 500 503',
    '/api/data': '200 500 502 503 504',
    '/api/slow': '200 400 500 503',
    '/api/error': '200 400 500 502 503 504',
  });
});
