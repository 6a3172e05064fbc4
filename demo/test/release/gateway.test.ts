import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Gateway, startGateway } from '../../src/release/gateway.ts';
import type { ServiceProcess } from '../../src/service-process.ts';

const TOKEN = 'secret';

/** A service whose answers are its version; when it is stopped, it is not ready for a while, and then gone. */
async function startFake(version: string, log: string[], answer: RequestListener, code = 0): Promise<ServiceProcess> {
  let draining = false;
  const server = createServer((request, response) => {
    if (request.url === '/ready') response.writeHead(draining ? 503 : 200).end();
    else answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { promise: ended, resolve } = Promise.withResolvers<number | null>();
  log.push(`start ${version}`);
  return {
    name: 'fake',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    metricsUrl: undefined,
    ended,
    lastLines: () => ['its last words'],
    async stop() {
      log.push(`stop ${version}`);
      await delay(20);
      draining = true;
      await delay(300); // its DRAIN_DELAY, longer than the gateway takes to see it
      server.close(() => resolve(code));
      server.closeIdleConnections();
      return ended;
    },
    // What nobody asks of it here.
    process: undefined as never,
    waitForLine: undefined as never,
  };
}

interface Options {
  answer?: (version: string) => RequestListener;
  code?: number;
}

async function start(t: TestContext, { answer, code }: Options = {}) {
  const log: string[] = [];
  const plain =
    (version: string): RequestListener =>
    (_, response) =>
      void response.end(version);
  const gateway = await startGateway({
    port: 0,
    token: TOKEN,
    stable: '1',
    start: (version, faults) => {
      if (faults !== undefined) log.push(`faults of ${version}: ${faults}`);
      return startFake(version, log, (answer ?? plain)(version), code);
    },
  });
  t.after(() => gateway.stop().catch(() => {}));
  return { gateway, log };
}

async function put({ url }: Gateway, body: object | string, token = TOKEN) {
  const response = await fetch(`${url}/release`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

const step = (share: number, more = {}) => ({ stage: `share-${share}`, version: '2', share, ...more });

/** How many of `n` requests, one after another, each version answered. */
async function ask({ url }: Gateway, n: number): Promise<Record<string, number>> {
  const answered: Record<string, number> = {};
  for (let i = 0; i < n; i += 1) {
    const response = await fetch(`${url}/x`);
    assert.equal(response.status, 200);
    const version = await response.text();
    assert.equal(response.headers.get('x-served-by'), version);
    answered[version] = (answered[version] ?? 0) + 1;
  }
  return answered;
}

test('a version gets exactly its share, and only it has the faults', async (t) => {
  const { gateway, log } = await start(t);
  assert.equal((await put(gateway, step(0))).status, 200);
  assert.deepEqual(await ask(gateway, 10), { 1: 10 });
  assert.deepEqual(await put(gateway, step(0.2, { faults: [{ kind: 'hang' }] })), { status: 200, text: 'share-0.2\n' });
  assert.deepEqual(await ask(gateway, 50), { 1: 40, 2: 10 });
  assert.equal((await fetch(gateway.url)).headers.get('x-release-stage'), 'share-0.2');
  await put(gateway, step(1));
  assert.deepEqual(await ask(gateway, 5), { 2: 5 });
  assert.deepEqual(log, ['start 1', 'faults of 2: [{"kind":"hang"}]', 'start 2', 'stop 1']);
});

test('no request fails while versions come and go, and an open one is answered to its end', async (t) => {
  const { gateway, log } = await start(t, {
    answer: (version) => async (request, response) => {
      if (request.url === '/slow') await delay(150);
      response.end(version);
    },
  });
  await put(gateway, step(0));
  let over = false;
  const users = Array.from({ length: 8 }, async () => {
    while (!over) await ask(gateway, 1);
  });
  for (const share of [0.5, 1, 0.5, 0]) {
    const slow = fetch(`${gateway.url}/slow`);
    await put(gateway, step(share));
    assert.equal((await slow).status, 200);
  }
  over = true;
  await Promise.all(users);
  assert.deepEqual(log, ['start 1', 'start 2', 'stop 1', 'start 1', 'stop 2']);
});

test('statuses, headers and bodies pass both ways', async (t) => {
  const { gateway } = await start(t, {
    answer: () => async (request, response) => {
      const body = (await request.setEncoding('utf8').toArray()).join('');
      const { baggage } = request.headers;
      response
        .writeHead(418, { 'server-timing': 'a;desc="b"' })
        .end(`${request.method} ${request.url} ${baggage} ${body}`);
    },
  });
  await put(gateway, step(0));
  const init = { method: 'POST', body: 'hello', headers: { baggage: 'x=1' } };
  const response = await fetch(`${gateway.url}/a?b=c`, init);
  assert.equal(response.status, 418);
  assert.equal(response.headers.get('server-timing'), 'a;desc="b"');
  assert.equal(await response.text(), 'POST /a?b=c x=1 hello');
});

test('a client that goes away is not waited for, an instance that breaks off is a 502', async (t) => {
  const gone = Promise.withResolvers<void>();
  const { gateway } = await start(t, {
    answer: () => (request, response) => {
      if (request.url === '/broken') request.socket.destroy();
      else response.on('close', () => gone.resolve());
    },
  });
  await put(gateway, step(0));
  await assert.rejects(fetch(gateway.url, { signal: AbortSignal.timeout(100) }));
  await gone.promise;
  assert.equal((await fetch(`${gateway.url}/broken`)).status, 502);
});

test('before a release there is nobody to ask, and only the token releases', async (t) => {
  const { gateway, log } = await start(t);
  assert.equal((await fetch(gateway.url)).status, 503);
  assert.equal((await put(gateway, step(0), 'other')).status, 401);
  assert.deepEqual(await put(gateway, { share: 2 }).then(({ status }) => status), 400);
  assert.equal((await put(gateway, 'x'.repeat(100_000))).status, 400);
  assert.deepEqual(log, []);
});

test('a version that does not start is said, and what was there goes on', async (t) => {
  const { gateway } = await start(t, {
    answer: (version) => {
      if (version === '2') throw new Error('FAULTS: faults/0/max must be a whole number from 1 to 1000');
      return (_, response) => void response.end(version);
    },
  });
  await put(gateway, step(0));
  const { status, text } = await put(gateway, step(0.2));
  assert.equal(status, 500);
  assert.match(text, /faults\/0\/max must be/);
  assert.deepEqual(await ask(gateway, 3), { 1: 3 });
  assert.equal((await fetch(gateway.url)).headers.get('x-release-stage'), 'share-0');
});

test('an instance that did not end well is said at the end', async (t) => {
  const { gateway } = await start(t, { code: 1 });
  await put(gateway, step(0));
  await assert.rejects(gateway.stop(), /fake 1 ended with 1.*\n.*its last words/);
});
