import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildApi } from './build-api.ts';

for (const { type, status, errorType, logged } of [
  { type: 'exception', status: 500, errorType: 'Error', logged: true },
  { type: 'timeout', status: 504, errorType: 'timeout', logged: true },
  { type: 'dependency', status: 502, errorType: 'dependency', logged: true },
  { type: 'validation', status: 400, errorType: undefined, logged: false },
]) {
  test(`type=${type} is a ${status}, in the answer, for telemetry and in the log`, async (t) => {
    const { app, telemetry } = await buildApi(t);
    const answer = await app.inject(`/api/error?type=${type}`);
    assert.equal(answer.statusCode, status);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    assert.equal(answer.json().status, status);
    assert.equal(telemetry.requests[0]?.status, status);
    assert.equal(telemetry.requests[0]?.errorType, errorType);
    assert.deepEqual(
      telemetry.lines.map(({ level, msg, trace_id }) => [level, msg, trace_id]),
      logged ? [['error', 'request failed', answer.json().trace_id]] : [],
    );
  });
}

test('without a type it is an exception, and one with a cause', async (t) => {
  const { app, telemetry } = await buildApi(t);
  const answer = await app.inject('/api/error');
  assert.equal(answer.statusCode, 500);
  assert.doesNotMatch(answer.body, /nobody has thought|out of range/);
  assert.match(JSON.stringify(telemetry.lines[0]), /nobody has thought.*out of range/);
});

test('random is any of them or none, in an order that the seed decides', async (t) => {
  const statuses = async (SEED: number) => {
    const { app } = await buildApi(t, { SEED });
    const answers = await Promise.all(Array.from({ length: 60 }, () => app.inject('/api/error?type=random')));
    return answers.map(({ statusCode }) => statusCode);
  };
  const drawn = await statuses(1);
  assert.deepEqual(
    [...new Set(drawn)].sort((a, b) => a - b),
    [200, 400, 500, 502, 504],
  );
  assert.deepEqual(await statuses(1), drawn);
  assert.notDeepEqual(await statuses(2), drawn);
});

test('another type is refused with the ones there are', async (t) => {
  const { app } = await buildApi(t);
  const answer = await app.inject('/api/error?type=unknown');
  assert.equal(answer.statusCode, 400);
  assert.equal(answer.json().errors[0].field, 'type');
});
