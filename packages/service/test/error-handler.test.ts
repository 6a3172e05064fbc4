import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { createApp, limits } from '../src/create-app.ts';
import { ProblemError } from '../src/problem.ts';
import { fakeTelemetry } from './fake-telemetry.ts';

async function build(t: { after(fn: () => Promise<void>): void }, override: Partial<typeof limits> = {}) {
  const telemetry = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY: 'false' }, logger: telemetry.logger, override });
  t.after(() => app.close());
  await app.register(telemetry.httpPlugin);
  const item = Type.Object({ n: Type.Integer(), note: Type.Optional(Type.String()) }, { additionalProperties: false });
  app.post('/items', { schema: { body: item } }, async (request) => request.body);
  app.get('/search', { schema: { querystring: item } }, async (request) => request.query);
  app.get('/unexpected', async () => {
    throw new Error('secret-4711', { cause: new RangeError('secret-4712') });
  });
  app.get('/string', async () => {
    throw 'secret-4713';
  });
  app.get('/known', async () => {
    throw new ProblemError(502, 'The peer is gone.', { code: 'peer_gone', headers: { 'retry-after': '7' } });
  });
  app.get('/quiet', async () => {
    throw new ProblemError(503, 'Not now.', { logged: false });
  });
  app.get('/hangs', () => new Promise(() => {}));
  return { app, telemetry };
}

test('an unexpected error is a 500 that says nothing about itself and leads to its log line', async (t) => {
  const { app, telemetry } = await build(t);
  const answer = await app.inject('/unexpected');

  assert.equal(answer.statusCode, 500);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  const { trace_id, ...body } = answer.json();
  assert.deepEqual(body, {
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    detail: 'The service failed. What happened is in its log.',
  });
  assert.match(trace_id, /^[0-9a-f]{32}$/);
  assert.equal(telemetry.lines.length, 1);
  const [line] = telemetry.lines;
  assert.equal(line?.level, 'error');
  assert.equal(line?.msg, 'request failed');
  assert.equal(line?.trace_id, trace_id);
  assert.match(JSON.stringify(line?.err), /secret-4711.*secret-4712/);
  assert.deepEqual(telemetry.requests, [{ route: '/unexpected', status: 500, errorType: 'Error', attributes: {} }]);
});

test('a thrown value that is no error is a 500 too', async (t) => {
  const { app, telemetry } = await build(t);
  const answer = await app.inject('/string');
  assert.equal(answer.statusCode, 500);
  assert.doesNotMatch(answer.body, /secret/);
  assert.equal(telemetry.lines[0]?.err, 'secret-4713');
});

test('a ProblemError tells its detail, code and headers', async (t) => {
  const { app, telemetry } = await build(t);
  const answer = await app.inject('/known');
  assert.equal(answer.statusCode, 502);
  assert.equal(answer.headers['retry-after'], '7');
  assert.equal(answer.json().detail, 'The peer is gone.');
  assert.equal(answer.json().code, 'peer_gone');
  assert.equal(telemetry.requests[0]?.errorType, 'peer_gone');
  assert.equal(telemetry.lines.length, 1);
});

test('a ProblemError that is not to be logged is not', async (t) => {
  const { app, telemetry } = await build(t);
  assert.equal((await app.inject('/quiet')).statusCode, 503);
  assert.deepEqual(telemetry.lines, []);
});

test('a handler that takes too long is cut off with 503, in its own trace', async (t) => {
  const { app, telemetry } = await build(t, { handlerTimeout: 30 });
  const answer = await app.inject('/hangs');
  assert.equal(answer.statusCode, 503);
  assert.equal(answer.json().code, 'FST_ERR_HANDLER_TIMEOUT');
  assert.match(answer.json().trace_id, /^[0-9a-f]{32}$/);
  assert.equal(telemetry.lines[0]?.trace_id, answer.json().trace_id);
  assert.equal(telemetry.requests[0]?.errorType, 'FST_ERR_HANDLER_TIMEOUT');
});

const refused = [
  { what: 'a missing field', body: {}, errors: [['n', /required/]] },
  { what: 'an unknown field', body: { n: 1, x: 1 }, errors: [['x', /additional/]] },
  { what: 'a wrong type', body: { n: 'one' }, errors: [['n', /integer/]] },
  {
    what: 'several at once',
    body: { x: 1, note: {} },
    errors: [
      ['n', /required/],
      ['x', /additional/],
      ['note', /string/],
    ],
  },
] as const;
for (const { what, body, errors } of refused) {
  test(`${what} in a body is a 400 that names it`, async (t) => {
    const { app, telemetry } = await build(t);
    const answer = await app.inject({ method: 'POST', url: '/items', body });
    assert.equal(answer.statusCode, 400);
    const found: { in: string; field: string; detail: string }[] = answer.json().errors;
    assert.deepEqual(
      found.map((entry) => [entry.in, entry.field]),
      errors.map(([field]) => ['body', field]),
    );
    for (const [index, [, detail]] of errors.entries()) assert.match(found[index]?.detail ?? '', detail);
    assert.deepEqual(telemetry.lines, [], 'a bad request is no fault of the service');
  });
}

test('a query is refused in the same way, and twice the same parameter is a wrong type', async (t) => {
  const { app } = await build(t);
  for (const [query, field] of [
    ['n=1&x=1', 'x'],
    ['n=', 'n'],
    ['n=1&n=2', 'n'],
  ]) {
    const answer = await app.inject(`/search?${query}`);
    assert.equal(answer.statusCode, 400);
    assert.equal(answer.json().errors[0].in, 'querystring');
    assert.equal(answer.json().errors[0].field, field);
  }
});

test('at most 10 mistakes are listed', async (t) => {
  const { app } = await build(t);
  const query = Array.from({ length: 500 }, (_, index) => `x${index}=1`).join('&');
  const answer = await app.inject(`/search?${query}`);
  assert.equal(answer.statusCode, 400);
  assert.equal(answer.json().errors.length, 10);
});

const others = [
  { what: 'broken JSON', headers: { 'content-type': 'application/json' }, payload: '{"n":', status: 400 },
  { what: 'an empty body', headers: { 'content-type': 'application/json' }, payload: '', status: 400 },
  { what: '__proto__', headers: { 'content-type': 'application/json' }, payload: '{"__proto__":{}}', status: 400 },
  { what: 'another media type', headers: { 'content-type': 'text/csv' }, payload: 'n\n1', status: 415 },
  { what: 'no media type', headers: {}, payload: 'n', status: 415 },
  {
    what: 'a body over the limit',
    headers: { 'content-type': 'application/json' },
    payload: `{"note":"${'x'.repeat(limits.bodyLimit)}"}`,
    status: 413,
  },
];
for (const { what, headers, payload, status } of others) {
  test(`${what} is a ${status}`, async (t) => {
    const { app, telemetry } = await build(t);
    const answer = await app.inject({ method: 'POST', url: '/items', headers, payload });
    assert.equal(answer.statusCode, status);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    assert.ok(answer.json().detail.length > 0);
    assert.match(answer.json().trace_id, /^[0-9a-f]{32}$/);
    assert.deepEqual(telemetry.lines, []);
  });
}

test('where nothing answers it is a 404, for any method, without the query', async (t) => {
  const { app, telemetry } = await build(t);
  for (const method of ['GET', 'DELETE', 'PROPFIND']) {
    const answer = await app.inject({ method: method as 'GET', url: '/nowhere?token=secret' });
    assert.equal(answer.statusCode, 404);
    assert.equal(answer.json().detail, 'Nothing answers at /nowhere.');
  }
  assert.deepEqual(telemetry.requests[0], { status: 404, attributes: {} }, 'no route');
});

test('another method than those of a path is a 405 with Allow', async (t) => {
  const { app } = await build(t);
  const answer = await app.inject({ method: 'DELETE', url: '/search?n=1' });
  assert.equal(answer.statusCode, 405);
  assert.deepEqual(String(answer.headers.allow).split(', ').sort(), ['GET', 'HEAD']);
  const post = await app.inject({ url: '/items' });
  assert.equal(post.statusCode, 405);
  assert.equal(post.headers.allow, 'POST');
});
