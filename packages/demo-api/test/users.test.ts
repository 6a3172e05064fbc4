import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoUsers } from '../src/demo-users.ts';
import { buildApi } from './build-api.ts';

test('the same seed makes the same users, another one others', () => {
  assert.deepEqual(demoUsers(1), demoUsers(1));
  assert.notDeepEqual(demoUsers(1), demoUsers(2));
  const users = demoUsers(1);
  assert.deepEqual(
    users.map(({ id }) => id),
    Array.from({ length: 500 }, (_, index) => index + 1),
  );
  for (const { name, email } of users) {
    assert.match(name, /^[A-Z][a-z]+ [A-Z][a-z]+$/);
    assert.match(email, /^[a-z]+\.[a-z]+\.\d+@example\.com$/);
  }
});

for (const { url, limit, offset, ids } of [
  { url: '/api/users', limit: 20, offset: 0, ids: [1, 20] },
  { url: '/api/users?limit=3&offset=10', limit: 3, offset: 10, ids: [11, 13] },
  { url: '/api/users?limit=100&offset=490', limit: 100, offset: 490, ids: [491, 500] },
  { url: '/api/users?offset=500', limit: 20, offset: 500, ids: [undefined, undefined] },
]) {
  test(`${url} is the page with ids from ${ids[0]} to ${ids[1]}`, async (t) => {
    const { app } = await buildApi(t);
    const answer = await app.inject(url);
    assert.equal(answer.statusCode, 200);
    const { users, ...page } = answer.json();
    assert.deepEqual(page, { total: 500, limit, offset });
    assert.deepEqual([users.at(0)?.id, users.at(-1)?.id], ids);
  });
}

for (const query of ['limit=0', 'limit=101', 'limit=x', 'limit=1.5', 'offset=-1', 'limt=5', 'offset=99999999999']) {
  test(`/api/users?${query} is a 400`, async (t) => {
    const { app } = await buildApi(t);
    assert.equal((await app.inject(`/api/users?${query}`)).statusCode, 400);
  });
}

test('a user is on the span and in the log by id', async (t) => {
  const { app, telemetry } = await buildApi(t);
  const answer = await app.inject('/api/users/42');
  assert.deepEqual(answer.json(), demoUsers(1)[41]);
  assert.deepEqual(telemetry.requests, [{ route: '/api/users/:id', status: 200, attributes: { 'user.id': '42' } }]);
});

test('a user that does not exist is a 404', async (t) => {
  const { app, telemetry } = await buildApi(t);
  const answer = await app.inject('/api/users/501');
  assert.equal(answer.statusCode, 404);
  assert.equal(answer.json().detail, 'There is no user 501.');
  assert.deepEqual(telemetry.requests[0]?.attributes, { 'user.id': '501' });
  assert.deepEqual(telemetry.lines, []);
});

for (const id of ['0', '-1', 'me', '1e99', '2147483648']) {
  test(`/api/users/${id} is a 400`, async (t) => {
    const { app } = await buildApi(t);
    assert.equal((await app.inject(`/api/users/${id}`)).statusCode, 400);
  });
}
