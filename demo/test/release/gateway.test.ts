import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
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
      await delay(1000); // its DRAIN_DELAY, longer than the gateway takes to see it, on a busy machine, too
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
  /** No instance starts before it is resolved. */
  held?: Promise<void>;
}

async function start(t: TestContext, { answer, code, held }: Options = {}) {
  const log: string[] = [];
  const plain =
    (version: string): RequestListener =>
    (_, response) =>
      void response.end(version);
  const gateway = await startGateway({
    port: 0,
    token: TOKEN,
    stable: '1',
    start: async (version, faults) => {
      if (faults !== undefined) log.push(`faults of ${version}: ${faults}`);
      await held;
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
  await put(gateway, step(1, { faults: [{ kind: 'hang' }] }));
  assert.deepEqual(await ask(gateway, 5), { 2: 5 });
  assert.deepEqual(log, ['start 1', 'faults of 2: [{"kind":"hang"}]', 'start 2', 'stop 1']);
});

test('what a running version cannot be given is refused, and changes nothing', async (t) => {
  const { gateway, log } = await start(t);
  const faults = [{ kind: 'hang' }];
  assert.equal((await put(gateway, step(0.5))).status, 200);
  assert.equal((await put(gateway, step(0.5, { faults: [] }))).status, 200);
  const { status, text: said } = await put(gateway, step(1, { faults }));
  assert.equal(status, 409);
  assert.match(said, /^2 runs with other faults: release it with share 0 first/);
  assert.deepEqual(await ask(gateway, 4), { 1: 2, 2: 2 });
  assert.equal((await fetch(gateway.url)).headers.get('x-release-stage'), 'share-0.5');
  assert.equal((await put(gateway, step(0, { faults }))).status, 200);
  assert.equal((await put(gateway, step(1, { faults }))).status, 200);
  assert.deepEqual(log.slice(2), ['stop 2', 'faults of 2: [{"kind":"hang"}]', 'start 2', 'stop 1']);
});

test('the version that is there without a release is not released', async (t) => {
  const { gateway, log } = await start(t);
  const { status, text: said } = await put(gateway, step(0.5, { version: '1' }));
  assert.equal(status, 400);
  assert.match(said, /^version: 1 is there without a release/);
  assert.deepEqual(log, []);
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

test('a body is passed on as framed, whatever the method, and what Connection names is not', async (t) => {
  const asked: string[] = [];
  const { gateway } = await start(t, {
    answer: () => async (request, response) => {
      const { te, 'x-hop': hop, 'x-end': end } = request.headers;
      asked.push([request.method, request.url, await text(request), te, hop, end].join(' '));
      response.writeHead(200, { connection: 'close, x-hop', 'x-hop': 'a', 'x-end': 'b' }).end();
    },
  });
  await put(gateway, step(0));
  const inner = 'DELETE /inner HTTP/1.1\r\nHost: x\r\n\r\n';
  for (const method of ['GET', 'DELETE']) {
    for (const framing of ['Transfer-Encoding: chunked', `Content-Length: ${inner.length}`]) {
      const body = framing.startsWith('T') ? `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n` : inner;
      // It may not name the framing away, either.
      const connection = 'Connection: close, TE, X-Hop, Transfer-Encoding, Content-Length';
      const fields = ['Host: x', connection, 'TE: trailers', 'X-Hop: a', 'X-End: b', framing].join('\r\n');
      const answer = await raw(gateway, `${method} /outer HTTP/1.1\r\n${fields}\r\n\r\n${body}`);
      assert.match(answer, /^HTTP\/1.1 200 /);
      assert.match(answer, /^x-end: b\r$/m);
      assert.doesNotMatch(answer, /x-hop/i);
      assert.deepEqual(asked.splice(0), [`${method} /outer ${inner}   b`]);
    }
  }
});

/** What comes back for these bytes. */
async function raw({ url }: Gateway, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

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
  const refused = await fetch(`${gateway.url}/release`);
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('server'), 'clew-gateway'); // before anybody sends it a token
  assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer /);
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

test('what is asked for while the gateway stops is refused, and no instance is left behind', async (t) => {
  const { promise: held, resolve } = Promise.withResolvers<void>();
  const { gateway, log } = await start(t, { held });
  const before = put(gateway, step(0));
  while ((await stageOf(gateway)) !== 'moving') await delay(5);
  const stopped = gateway.stop();
  const during = put(gateway, step(1));
  const answered = await Promise.race([during, delay(2000)]);
  resolve();
  assert.equal(answered?.status, 503);
  assert.equal((await before).status, 200);
  await Promise.all([stopped, during]);
  assert.deepEqual(log, ['start 1', 'stop 1']);
});

test('an instance that starts while another one fails to is not left behind', async (t) => {
  const { promise: held, resolve } = Promise.withResolvers<void>();
  const { promise: started, resolve: starting } = Promise.withResolvers<void>();
  const log: string[] = [];
  const gateway = await startGateway({
    port: 0,
    token: TOKEN,
    stable: '1',
    async start(version) {
      if (version === '2') throw new Error('it does not start');
      starting();
      await held;
      return startFake(version, log, (_, response) => void response.end());
    },
  });
  t.after(() => gateway.stop());
  const asked = put(gateway, step(0.5));
  await started;
  const stopped = gateway.stop();
  resolve();
  assert.equal((await asked).status, 500);
  await stopped;
  assert.deepEqual(log, ['start 1', 'stop 1']);
});

async function stageOf({ url }: Gateway): Promise<string> {
  const response = await fetch(`${url}/release`, { headers: { authorization: `Bearer ${TOKEN}` } });
  return (await response.text()).trim();
}
