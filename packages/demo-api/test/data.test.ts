import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { listenLocally, rawClient } from '../../service/test/raw-client.ts';
import { until } from '../../service/test/until.ts';
import { demoUsers } from '../src/demo-users.ts';
import { buildApi } from './build-api.ts';

/** A peer that answers the nth call with the nth entry, and every later one with the last. */
async function startPeer(t: TestContext, ...answers: ((response: ServerResponse) => void)[]) {
  const calls: { url: string | undefined; closed: boolean }[] = [];
  const listener: RequestListener = (request, response) => {
    const call = { url: request.url, closed: false };
    response.on('close', () => {
      call.closed = !response.writableFinished;
    });
    calls.push(call);
    answers[Math.min(calls.length, answers.length) - 1]?.(response);
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { url: `http://127.0.0.1:${address.port}`, calls, server };
}

const users = demoUsers(9).slice(0, 5);
const page = JSON.stringify({ total: 500, limit: 5, offset: 0, users });
const answerUsers = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(page);
const answer = (status: number, body: string) => (response: ServerResponse) => response.writeHead(status).end(body);
const hang = () => {};
const cut = (response: ServerResponse) => response.destroy();

test('without a peer the data are local', async (t) => {
  const { app } = await buildApi(t);
  const data = await app.inject('/api/data');
  assert.deepEqual(data.json(), { source: 'local', users: demoUsers(1).slice(0, 5) });
});

test('with a peer the data are what it answers where it does not call back', async (t) => {
  const peer = await startPeer(t, answerUsers);
  const { app } = await buildApi(t, { PEER_URL: peer.url });
  const data = await app.inject('/api/data');
  assert.deepEqual(data.json(), { source: 'peer', users });
  assert.deepEqual(
    peer.calls.map(({ url }) => url),
    ['/api/users?limit=5'],
  );
});

test('a path in PEER_URL is kept', async (t) => {
  const peer = await startPeer(t, answerUsers);
  for (const path of ['/some/peer', '/some/peer/']) {
    const { app } = await buildApi(t, { PEER_URL: `${peer.url}${path}` });
    assert.equal((await app.inject('/api/data')).statusCode, 200);
    assert.equal(peer.calls.at(-1)?.url, '/some/peer/api/users?limit=5');
  }
});

test('two services that have each other for a peer answer with one call', async (t) => {
  const one = await buildApi(t);
  const oneUrl = await listenLocally(one.app);
  const two = await buildApi(t, { PEER_URL: oneUrl });
  assert.equal((await two.app.inject('/api/data')).json().source, 'peer');
  await until(() => one.telemetry.requests.length > 0);
  assert.deepEqual(
    one.telemetry.requests.map(({ route }) => route),
    ['/api/users'],
  );
});

for (const [what, failure] of [
  ['502', answer(502, 'bad gateway')],
  ['503', answer(503, 'x'.repeat(200_000))],
  ['504', answer(504, '')],
  ['a cut connection', cut],
] as const) {
  test(`${what} is retried`, async (t) => {
    const peer = await startPeer(t, failure, failure, answerUsers);
    const { app } = await buildApi(t, { PEER_URL: peer.url });
    const data = await app.inject('/api/data');
    assert.equal(data.statusCode, 200);
    assert.equal(peer.calls.length, 3);
  });
}

for (const { what, failure, calls, code } of [
  { what: 'a peer that stays unavailable', failure: answer(503, 'no'), calls: 3, code: 'peer_unavailable' },
  { what: 'a peer that cuts every connection', failure: cut, calls: 3, code: 'peer_unavailable' },
  { what: 'an internal error of the peer', failure: answer(500, 'no'), calls: 1, code: 'peer_unavailable' },
  { what: 'a refusal', failure: answer(404, 'no'), calls: 1, code: 'peer_unavailable' },
  {
    what: 'a redirect',
    failure: (response: ServerResponse) => response.writeHead(302, { location: '/elsewhere' }).end(),
    calls: 1,
    code: 'peer_unavailable',
  },
  { what: 'an answer that is no JSON', failure: answer(200, '<html>'), calls: 1, code: 'peer_unavailable' },
  {
    what: 'an answer that is no list of users',
    failure: answer(200, '{"users":"none"}'),
    calls: 1,
    code: 'peer_invalid',
  },
]) {
  test(`${what} is a 502 after ${calls} call(s), with one log line`, async (t) => {
    const peer = await startPeer(t, failure);
    const { app, telemetry } = await buildApi(t, { PEER_URL: peer.url });
    const data = await app.inject('/api/data');
    assert.equal(data.statusCode, 502);
    assert.equal(data.json().code, code);
    assert.equal(peer.calls.length, calls);
    assert.equal(telemetry.requests[0]?.errorType, code);
    assert.deepEqual(
      telemetry.lines.map(({ level, msg }) => [level, msg]),
      [['error', 'request failed']],
    );
  });
}

test('a peer that does not listen is a 502', async (t) => {
  const closed = createTcpServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const address = closed.address();
  assert.ok(address !== null && typeof address === 'object');
  closed.close();
  await once(closed, 'close');
  const { app, telemetry } = await buildApi(t, { PEER_URL: `http://127.0.0.1:${address.port}` });
  assert.equal((await app.inject('/api/data')).statusCode, 502);
  assert.match(JSON.stringify(telemetry.lines[0]), /ECONNREFUSED/, 'the log says why');
});

test('a peer that is said to be down is a 502 like one that does not listen, and sees no call', async (t) => {
  const peer = await startPeer(t, answerUsers);
  const peerIsDown = (request: { url: string }) => request.url.includes('down');
  const { app, telemetry } = await buildApi(t, { PEER_URL: peer.url }, { peerIsDown });
  assert.equal((await app.inject('/api/data')).statusCode, 200);
  const data = await app.inject('/api/data?down');
  assert.deepEqual([data.statusCode, data.json().code], [502, 'peer_unavailable']);
  assert.match(JSON.stringify(telemetry.lines[0]), /ECONNREFUSED/);
  assert.equal(peer.calls.length, 1);
});

test('a peer that does not answer in time is a 504, and its call is given up', async (t) => {
  const peer = await startPeer(t, hang);
  const { app, telemetry } = await buildApi(t, { PEER_URL: peer.url, PEER_TIMEOUT: 50 });
  const data = await app.inject('/api/data');
  assert.equal(data.statusCode, 504);
  assert.equal(data.json().code, 'peer_timeout');
  assert.equal(telemetry.requests[0]?.errorType, 'peer_timeout');
  assert.equal(peer.calls.length, 1, 'time that is over is not tried again');
  await until(() => peer.calls[0]?.closed === true);
});

test('an answer that starts but does not end in time is a 504 too', async (t) => {
  const peer = await startPeer(t, (response) => response.writeHead(200).write('{'));
  const { app } = await buildApi(t, { PEER_URL: peer.url, PEER_TIMEOUT: 50 });
  assert.equal((await app.inject('/api/data')).statusCode, 504);
});

test('retries stay within their budget', async (t) => {
  const peer = await startPeer(t, answer(503, 'no'));
  const { app } = await buildApi(t, { PEER_URL: peer.url, PEER_RETRIES: 5, PEER_RETRY_BUDGET: 0.5 });
  for (let call = 0; call < 20; call += 1) await app.inject('/api/data');
  assert.ok(peer.calls.length <= 20 + 10 + 10, `${peer.calls.length} calls to the peer for 20 requests`);
  assert.ok(peer.calls.length > 20 + 10 + 5, `${peer.calls.length} calls: the budget is not used`);
});

test('a budget of 0 and no retries both mean one call', async (t) => {
  for (const settings of [{ PEER_RETRY_BUDGET: 0 }, { PEER_RETRIES: 0 }]) {
    const peer = await startPeer(t, answer(503, 'no'));
    const { app } = await buildApi(t, { PEER_URL: peer.url, ...settings });
    await app.inject('/api/data');
    assert.equal(peer.calls.length, 1);
  }
});

test('a client that goes away takes the call to the peer with it', async (t) => {
  const peer = await startPeer(t, hang);
  const { app, telemetry } = await buildApi(t, { PEER_URL: peer.url, PEER_TIMEOUT: 60_000 });
  await listenLocally(app);
  const client = await rawClient(app, 'GET /api/data HTTP/1.1\r\nHost: x\r\n\r\n');
  await until(() => peer.calls.length === 1);
  client.socket.destroy();
  await until(() => peer.calls[0]?.closed === true);
  await until(() => telemetry.requests.length === 1);
  assert.equal(telemetry.requests[0]?.errorType, 'aborted');
  assert.deepEqual(
    telemetry.lines.filter(({ level }) => level !== 'info'),
    [],
    'nothing has failed',
  );
});

test('the body of an error is not waited for, and does not keep its connection', async (t) => {
  const peer = await startPeer(t, (response) => response.writeHead(500).write('x'));
  const { app } = await buildApi(t, { PEER_URL: peer.url, PEER_TIMEOUT: 60_000 });
  assert.equal((await app.inject('/api/data')).statusCode, 502);
  await until(() => peer.calls[0]?.closed === true);
});

test('calls use a connection again', async (t) => {
  const peer = await startPeer(t, answerUsers);
  let connections = 0;
  peer.server.on('connection', () => {
    connections += 1;
  });
  const { app } = await buildApi(t, { PEER_URL: peer.url });
  for (let call = 0; call < 5; call += 1) await app.inject('/api/data');
  assert.ok(connections <= 2, `${connections} connections for 5 calls, one after the other`);
});
