import assert from 'node:assert/strict';
import diagnosticsChannel from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createApp, type limits } from '../src/create-app.ts';
import type { RejectedRequest } from '../src/rejected-requests.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { exchange, listenLocally, parseResponse, rawClient } from './raw-client.ts';
import { until } from './until.ts';

async function start(t: TestContext, override: Partial<typeof limits> = {}) {
  const telemetry = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY: 'false' }, logger: telemetry.logger, override });
  await app.register(telemetry.httpPlugin);
  app.get('/things/:id', async () => ({}));
  app.get('/hangs', () => new Promise(() => {}));
  app.post('/things', async (request) => request.body);
  await listenLocally(app);

  const rejected: RejectedRequest[] = [];
  const onRejected = (message: unknown) => void rejected.push(message as RejectedRequest);
  diagnosticsChannel.subscribe('clew.request.rejected', onRejected);
  t.after(async () => {
    diagnosticsChannel.unsubscribe('clew.request.rejected', onRejected);
    app.server.closeAllConnections();
    await app.close();
  });
  return { app, telemetry, rejected };
}

const close = 'Host: x\r\nConnection: close\r\n\r\n';
const beforeRouting = [
  {
    what: 'a URL that cannot be decoded',
    text: `GET /things/%zz HTTP/1.1\r\n${close}`,
    reason: 'bad_url',
    status: 400,
  },
  {
    what: 'an over-long parameter',
    text: `GET /things/${'1'.repeat(101)} HTTP/1.1\r\n${close}`,
    reason: 'long_parameter',
    status: 414,
  },
  { what: 'no HTTP at all', text: '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', reason: 'unparsable', status: 400 },
  { what: 'an unknown method', text: `FETCH / HTTP/1.1\r\n${close}`, reason: 'unparsable', status: 400 },
  {
    what: 'headers over 16 KiB',
    text: `GET / HTTP/1.1\r\nX: ${'x'.repeat(17_000)}\r\n${close}`,
    reason: 'long_headers',
    status: 431,
  },
  {
    what: 'an expectation',
    text: `GET / HTTP/1.1\r\nExpect: the-unexpected\r\n${close}`,
    reason: 'expectation',
    status: 417,
  },
  { what: 'CONNECT', text: `CONNECT x:80 HTTP/1.1\r\n${close}`, reason: 'connect', status: 405 },
];
for (const { what, text, reason, status } of beforeRouting) {
  test(`${what} is answered with a problem and published, and is no request`, async (t) => {
    const { app, telemetry, rejected } = await start(t);
    const answer = parseResponse(await exchange(app, text));
    assert.equal(answer.status, status);
    assert.match(answer.headers, /content-type: application\/problem\+json/i);
    assert.equal(answer.body.status, status);
    assert.deepEqual(rejected, [{ reason, status }]);
    assert.deepEqual(telemetry.requests, []);
  });
}

const tunnel = `CONNECT x:80 HTTP/1.1\r\n${close}`;

test('a client that resets the connection after its CONNECT does no harm', async (t) => {
  const { app } = await start(t);
  const client = await rawClient(app, tunnel, { allowHalfOpen: true });
  await until(() => client.received() !== '');
  client.socket.resetAndDestroy();
  await until(() => app.lifecycle.sockets.size === 0);
});

test('a client that never closes its half after a CONNECT holds no connection', async (t) => {
  const { app } = await start(t);
  const client = await rawClient(app, tunnel, { allowHalfOpen: true });
  await until(() => client.received() !== '');
  await until(() => app.lifecycle.sockets.size === 0).finally(() => client.socket.resetAndDestroy());
});

test('CONNECT after a request that is still open is published, and aborts that request', async (t) => {
  const { app, telemetry, rejected } = await start(t);
  const client = await rawClient(app, `GET /hangs HTTP/1.1\r\nHost: x\r\n\r\n${tunnel}`);
  await until(client.closed);
  assert.equal(client.received(), '', 'an answer would be taken for that of the open request');
  assert.deepEqual(rejected, [{ reason: 'connect', status: 405 }]);
  assert.deepEqual(telemetry.requests, [{ route: '/hangs', errorType: 'aborted', attributes: {} }]);
});

test('a request that does not arrive in time is a 408', async (t) => {
  const { app, telemetry, rejected } = await start(t, timeouts);
  const answer = parseResponse(await exchange(app, 'GET / HTTP/1.1\r\nHost: '));
  assert.equal(answer.status, 408);
  assert.deepEqual(rejected, [{ reason: 'timeout', status: 408 }]);
  assert.deepEqual(telemetry.requests, []);
});

test('a connection on which nothing arrives in time is closed without a word', async (t) => {
  const { app, rejected } = await start(t, timeouts);
  assert.equal(await exchange(app, ''), '');
  assert.deepEqual(rejected, []);
});

const timeouts = { requestTimeout: 50, headersTimeout: 50, connectionsCheckingInterval: 10 };
const head = 'POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const whileReading = [
  { what: 'a broken chunk', text: `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, override: {}, status: 400 },
  { what: 'a body that stays away', text: `${head}Content-Length: 9\r\n\r\n{`, override: timeouts, status: 408 },
];
for (const { what, text, override, status } of whileReading) {
  test(`${what} ends a request that counts, with the status the client got`, async (t) => {
    const { app, telemetry, rejected } = await start(t, override);
    const answer = parseResponse(await exchange(app, text));
    assert.equal(answer.status, status);
    assert.match(answer.headers, /connection: close/i);
    assert.deepEqual(telemetry.requests, [{ route: '/things', status, attributes: {} }]);
    assert.deepEqual(rejected, []);
  });
}

const get = 'GET /things/1 HTTP/1.1\r\nHost: x\r\n';
const sized = `${get}Content-Length: 9\r\n\r\n{`;
const chunked = `${get}Transfer-Encoding: chunked\r\n\r\n`;
for (const { what, text, next, override = {} } of [
  { what: 'stays away', text: sized, next: () => {}, override: timeouts },
  { what: 'breaks', text: chunked, next: (socket: Socket) => socket.write('zz\r\n') },
  { what: 'is given up by the client', text: sized, next: (socket: Socket) => socket.end() },
]) {
  test(`a request that is answered before its body ${what} counts once and has one answer`, async (t) => {
    const { app, telemetry, rejected } = await start(t, override);
    const client = await rawClient(app, `${get}\r\n${text}`); // the first one keeps the connection alive
    const answers = () => client.received().match(/HTTP\/1\.1 \d+/g) ?? [];
    await until(() => answers().length === 2);
    next(client.socket);
    await until(client.closed);
    assert.deepEqual(answers(), ['HTTP/1.1 200', 'HTTP/1.1 200']);
    const counted = { route: '/things/:id', status: 200, attributes: {} };
    assert.deepEqual(telemetry.requests, [counted, counted]);
    assert.deepEqual(rejected, []);
  });
}

test('a broken body behind a request that is still open aborts both, and each counts once', async (t) => {
  const { app, telemetry, rejected } = await start(t);
  const text = `GET /hangs HTTP/1.1\r\nHost: x\r\n\r\n${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`;
  assert.equal(await exchange(app, text), '');
  await until(() => telemetry.requests.length === 2);
  assert.deepEqual(
    telemetry.requests.map(({ route, errorType }) => [route, errorType]),
    [
      ['/hangs', 'aborted'],
      ['/things', 'aborted'],
    ],
  );
  assert.deepEqual(rejected, []);
});

for (const { what, text, override, reason, status } of [
  { what: 'half a request', text: 'GET / HT', override: timeouts, reason: 'timeout', status: 408 },
  { what: 'garbage', text: 'garbage\r\n\r\n', override: {}, reason: 'unparsable', status: 400 },
]) {
  test(`${what} after a request that was answered is answered and published`, async (t) => {
    const { app, telemetry, rejected } = await start(t, override);
    const client = await rawClient(app, `${head}Content-Length: 2\r\n\r\n{}`);
    await until(() => client.received().includes('HTTP/1.1 200'));
    client.socket.write(text);
    await until(client.closed);
    assert.deepEqual(client.received().match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', `HTTP/1.1 ${status}`]);
    assert.deepEqual(rejected, [{ reason, status }]);
    assert.deepEqual(telemetry.requests, [{ route: '/things', status: 200, attributes: {} }]);
  });
}

test('a client that hangs up in the middle of its body counts as gone, not as answered', async (t) => {
  const { app, telemetry, rejected } = await start(t);
  const client = await rawClient(app, `${head}Content-Length: 9\r\n\r\n{`);
  client.socket.end();
  await until(() => telemetry.requests.length === 1);
  assert.deepEqual(telemetry.requests, [{ route: '/things', errorType: 'aborted', attributes: {} }]);
  assert.deepEqual(rejected, []);
  assert.ok(
    telemetry.lines.every(({ level }) => level === 'info'),
    'nothing is broken',
  );
});

test('garbage after a request that is still open is published, and aborts that request', async (t) => {
  const { app, telemetry, rejected } = await start(t);
  const client = await rawClient(app, `GET /hangs HTTP/1.1\r\nHost: x\r\n\r\n`);
  client.socket.write('garbage\r\n\r\n');
  await until(() => telemetry.requests.length === 1);
  assert.equal(client.received(), '', 'an answer would be taken for that of the open request');
  assert.deepEqual(rejected, [{ reason: 'unparsable', status: 400 }]);
  assert.deepEqual(telemetry.requests, [{ route: '/hangs', errorType: 'aborted', attributes: {} }]);
});

test('HTTP/1.1 without Host is a 400 that counts as a request', async (t) => {
  const { app, telemetry } = await start(t);
  const answer = parseResponse(await exchange(app, 'GET /things/1 HTTP/1.1\r\nConnection: close\r\n\r\n'));
  assert.equal(answer.status, 400);
  assert.deepEqual(telemetry.requests, [{ route: '/things/:id', status: 400, attributes: {} }]);
  const old = await exchange(app, 'GET /things/1 HTTP/1.0\r\n\r\n');
  assert.match(old, /^HTTP\/1.1 200/, 'HTTP/1.0 had no Host');
});
