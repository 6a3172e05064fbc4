import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { suite, type TestContext, test } from 'node:test';
import { listen, urlOf } from '../../src/listener.ts';
import { startBackend } from '../support/backend.ts';

const token = 'correct-horse';
const host = '127.0.0.1';
const path = '/api/faults/services';
const rule = { name: 'errors', kind: 'error', match: { share: 0.2 }, ttlMs: 60_000 };

interface Answer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A service that answers on its /admin/faults as it is told, never when it is told nothing; and what it was asked. */
async function startService(t: TestContext, answer: Answer | undefined) {
  const asked: { method: string | undefined; url: string | undefined; authorization: unknown; body: string }[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const { method, url, headers } = request;
    asked.push({ method, url, authorization: headers.authorization, body: await text(request) });
    if (answer === undefined) return;
    const { status = 200, body = '', headers: more = {} } = answer;
    response.writeHead(status, more).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  const listener = await listen(server, host, 0, () => server.closeAllConnections());
  t.after(() => listener.close());
  return { url: urlOf(host, listener.port), asked };
}

/** A backend that knows one service, and requests to it. */
async function startWith(t: TestContext, answer: Answer | undefined) {
  const { url, asked } = await startService(t, answer);
  const { apiUrl } = await startBackend(t, { faultTargets: { token, services: [{ name: 'full-otel', url }] } });
  const send = async (method: string, to = '/full-otel', body?: unknown, headers: Record<string, string> = {}) => {
    const json = body !== undefined && {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    };
    const response = await fetch(`${apiUrl}${path}${to}`, { method, headers, ...json });
    const said = await response.text();
    assert.doesNotMatch(said, new RegExp(token), 'the token stays here');
    return { status: response.status, body: JSON.parse(said) };
  };
  return { url, asked, send };
}

test('what a service has active is listed, switched on and switched off, with the token that only the backend has', async (t) => {
  const active = [{ ...rule, source: 'admin', hits: 3, anything: '<b>' }];
  const { send, asked } = await startWith(t, { body: { faults: active } });
  const state = { service: 'full-otel', faults: active };
  assert.deepEqual(await send('GET', ''), { status: 200, body: [state] });
  assert.deepEqual(await send('PUT', '/full-otel', { faults: [rule] }), { status: 200, body: state });
  assert.deepEqual(await send('DELETE'), { status: 200, body: state });
  const common = { url: '/admin/faults', authorization: `Bearer ${token}` };
  assert.deepEqual(asked, [
    { method: 'GET', ...common, body: '' },
    { method: 'PUT', ...common, body: JSON.stringify({ faults: [rule] }) },
    { method: 'DELETE', ...common, body: '' },
  ]);
});

suite('what keeps a service from it is said in words', () => {
  const problem = {
    detail: 'These faults cannot be used.',
    errors: [
      { in: 'body', field: 'faults/0/ms', detail: 'must be a whole number from 0 to 12000' },
      { in: 'body', field: 'faults/0/kind', detail: 'must be one of latency, error' },
    ],
  };
  const cases: [name: string, answer: Answer | undefined, status: number, words: RegExp][] = [
    [
      'another token',
      { status: 401, body: { detail: 'no' } },
      502,
      /another FAULTS_ADMIN_TOKEN .* start both with the same/,
    ],
    ['no admin API', { status: 404, body: { detail: 'no' } }, 502, /takes no faults: start it with FAULTS_ADMIN_TOKEN/],
    [
      'bad rules',
      { status: 400, body: problem },
      400,
      /answered 400: These faults cannot be used\. faults\/0\/ms must be .* 12000; faults\/0\/kind must be one of/,
    ],
    ['a failure', { status: 500, body: { detail: 'out of memory' } }, 502, /answered 500: out of memory$/],
    ['a failure in other words', { status: 503, body: '<html>' }, 502, /answered 503$/],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, 502, /answered 302$/],
    ['another program', { body: '<html>' }, 502, /lists no faults: is it another program\?/],
    ['null', { body: 'null' }, 502, /lists no faults/],
    ['errors that are none', { status: 400, body: { errors: [null, 'x'] } }, 400, /answered 400/],
    ['no answer', undefined, 504, /has not answered within \d s: it is very busy/],
  ];
  for (const [name, answer, status, words] of cases) {
    test(name, { timeout: 10_000 }, async (t) => {
      const { send, url } = await startWith(t, answer);
      const put = await send('PUT', '/full-otel', { faults: [rule] });
      assert.equal(put.status, status);
      assert.match(put.body.error, words);
      assert.ok(put.body.error.startsWith(`full-otel at ${url} `), put.body.error);
      const [state] = (await send('GET', '')).body;
      assert.deepEqual([state.service, state.faults], ['full-otel', []]);
      assert.match(state.problem, words);
    });
  }

  test('a service that is down, beside one that is not', async (t) => {
    const { url } = await startService(t, { body: { faults: [rule] } });
    const down = { name: 'down', url: 'http://127.0.0.1:1' };
    const { apiUrl } = await startBackend(t, { faultTargets: { token, services: [down, { name: 'up', url }] } });
    const states = (await (await fetch(apiUrl + path)).json()) as { faults: unknown[]; problem?: string }[];
    assert.match(
      String(states[0]?.problem),
      /^down at http:\/\/127\.0\.0\.1:1 does not answer \(.+\): is it running\?$/,
    );
    assert.deepEqual(states[1], { service: 'up', faults: [rule] });
  });
});

test('a service that is not known is 404, with those that are', async (t) => {
  const { send, asked } = await startWith(t, { body: { faults: [] } });
  for (const name of ['prom-otel', '__proto__', '..%2fadmin']) {
    const { status, body } = await send('DELETE', `/${name}`);
    assert.equal(status, 404);
    assert.match(body.error, /those whose faults can be switched: full-otel$/);
  }
  assert.deepEqual(asked, []);
});

test('without targets none are listed, and how to get them is said', async (t) => {
  const { apiUrl } = await startBackend(t);
  assert.deepEqual(await (await fetch(apiUrl + path)).json(), []);
  const response = await fetch(`${apiUrl}${path}/full-otel`, { method: 'DELETE' });
  assert.equal(response.status, 404);
  assert.match(await response.text(), /--fault-target/);
});

suite('no request of a page elsewhere reaches a service', () => {
  for (const [name, headers] of [
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin that can be told', { origin: 'null' }],
    ['a site elsewhere that sends text', { 'content-type': 'text/plain' }],
  ] as const) {
    test(name, async (t) => {
      const { send, asked } = await startWith(t, { body: { faults: [] } });
      const { status } = await send('PUT', '/full-otel', { faults: [rule] }, headers);
      assert.ok(status === 403 || status === 415, String(status));
      assert.deepEqual(asked, []);
    });
  }
});

for (const body of [{}, { faults: 'error' }, { faults: [1] }, { faults: [], more: 1 }, []]) {
  test(`${JSON.stringify(body)} is refused`, async (t) => {
    const { send, asked } = await startWith(t, { body: { faults: [] } });
    assert.equal((await send('PUT', '/full-otel', body)).status, 400);
    assert.deepEqual(asked, []);
  });
}

for (const url of ['http://user:hunter2@127.0.0.1:1', 'http://127.0.0.1:1/?hunter2', 'hunter2']) {
  test(`the URL ${url} is refused at the start, and not shown`, async (t) => {
    const faultTargets = { token, services: [{ name: 'a', url }] };
    await assert.rejects(startBackend(t, { faultTargets }), /^TypeError: fault target a: give [^2]+$/);
  });
}

for (const bad of ['', 'two words', 'line\nbreak', 'schlüssel']) {
  test(`the token ${JSON.stringify(bad)} is refused at the start, and not shown`, async (t) => {
    const faultTargets = { token: bad, services: [{ name: 'a', url: 'http://127.0.0.1:1' }] };
    await assert.rejects(startBackend(t, { faultTargets }), (error: Error) => {
      assert.match(error.message, /FAULTS_ADMIN_TOKEN must be/);
      return bad === '' || !error.message.includes(bad);
    });
  });
}
