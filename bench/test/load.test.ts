import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Load, type LoadResult, runLoad } from '../src/load.ts';

test('counts each answer and its status', async (t) => {
  let seen = 0;
  const result = await loadOn(t, { connections: 4, seconds: 10, requests: 50 }, (_request, response) => {
    seen += 1;
    response.statusCode = seen % 5 === 0 ? 503 : 200;
    response.end('x'.repeat(seen));
  });
  assert.equal(seen, 50);
  assert.deepEqual(result.statuses, { '200': 40, '503': 10 });
  assert.deepEqual(numbersOf(result), { sent: 50, answered: 50, cut: 0, unanswered: 0 });
});

test('counts an answer once when it comes in pieces', async (t) => {
  const result = await loadOn(t, { connections: 1, seconds: 10, requests: 3 }, (_request, response) => {
    response.writeHead(200, { 'content-length': 6 }).write('abc');
    setImmediate(() => response.end('def'));
  });
  assert.deepEqual(numbersOf(result), { sent: 3, answered: 3, cut: 0, unanswered: 0 });
});

test('tells an answer that breaks off from one that never began', async (t) => {
  let seen = 0;
  const result = await loadOn(t, { connections: 1, seconds: 10, requests: 4 }, (request, response) => {
    seen += 1;
    const socket: Socket = request.socket;
    if (seen === 2) {
      response.writeHead(200, { 'content-length': 6 }).write('abc', () => socket.destroy());
    } else if (seen === 3) socket.destroy();
    else response.end('abcdef');
  });
  assert.deepEqual(numbersOf(result), { sent: 4, answered: 2, cut: 1, unanswered: 1 });
});

test('opens a connection again when the server closes it', async (t) => {
  const sockets = new Set<Socket>();
  const result = await loadOn(t, { connections: 1, seconds: 10, requests: 3 }, (request, response) => {
    sockets.add(request.socket);
    response.setHeader('connection', 'close').end('ok');
  });
  assert.equal(sockets.size, 3);
  assert.deepEqual(numbersOf(result), { sent: 3, answered: 3, cut: 0, unanswered: 0 });
});

test('keeps to a rate however many connections there are', async (t) => {
  const result = await loadOn(t, { connections: 20, seconds: 0.5, rate: 200 }, (_request, response) => {
    response.end('ok');
  });
  assert.ok(result.sent <= 101, `${result.sent} sent`); // a slow machine sends fewer, none sends more
  assert.ok(result.sent >= 20, `${result.sent} sent`);
  assert.equal(result.answered, result.sent);
});

test('stops when the server is gone', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const result = await runLoad({ port, path: '/', connections: 3, seconds: 30 });
  assert.deepEqual(numbersOf(result), { sent: 0, answered: 0, cut: 0, unanswered: 0 });
});

async function loadOn(
  t: TestContext,
  load: Omit<Load, 'port' | 'path'>,
  listener: RequestListener,
): Promise<LoadResult> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return runLoad({ ...load, path: '/', port: (server.address() as AddressInfo).port });
}

function numbersOf({ sent, answered, cut, unanswered }: LoadResult) {
  return { sent, answered, cut, unanswered };
}
