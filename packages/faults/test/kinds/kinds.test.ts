import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type TestContext, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { draw, drawLogNormal } from '@clew/service';
import type { FakeTelemetry } from '../../../service/test/fake-telemetry.ts';
import { listenLocally, rawClient } from '../../../service/test/raw-client.ts';
import { until } from '../../../service/test/until.ts';
import type { MetRequest } from '../../src/kinds/kind.ts';
import { memory } from '../../src/kinds/memory.ts';
import { asking, buildApp } from '../build-app.ts';

const GET = 'GET /work HTTP/1.1\r\nHost: x\r\nx-clew-fault: ';

const MiB = 2 ** 20;

/** In use after a garbage collection, in MiB. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / MiB;
}

const failures = ({ lines }: FakeTelemetry) => lines.filter(({ level }) => level !== 'info');

async function ask(t: TestContext, fault: string) {
  const { app, telemetry } = await buildApp(t, { FAULTS_FROM_HEADERS: true });
  const start = performance.now();
  const answer = await app.inject({ url: '/work', headers: asking(fault) });
  return { answer, took: performance.now() - start, telemetry, request: telemetry.requests[0] };
}

test('latency waits as long as it says, and the answer is as ever', async (t) => {
  const { answer, took, request } = await ask(t, 'latency;ms=60');
  assert.equal(answer.statusCode, 200);
  assert.ok(took >= 59, `${took} ms`);
  assert.deepEqual(request?.attributes, { 'clew.fault.name': 'latency', 'clew.fault.source': 'header' });
});

for (const [form, drawMs] of [
  ['minMs=10;maxMs=50', (n: number) => 10 + 40 * draw(1, 'latency GET /work', n)],
  ['p50Ms=10;p99Ms=80', (n: number) => drawLogNormal(1, 'latency GET /work', n, { p50: 10, p99: 80 })],
] as const) {
  test(`latency;${form} waits a draw that depends on seed, name, route and number`, async (t) => {
    const { app } = await buildApp(t, { FAULTS: `latency;${form};ttlMs=60000` });
    for (const n of [0, 1, 2, 3]) {
      const start = performance.now();
      await app.inject('/work');
      const took = performance.now() - start;
      assert.ok(took >= drawMs(n) - 1 && took < drawMs(n) + 200, `request ${n}: ${took} ms for ${drawMs(n)}`);
    }
  });
}

test('latency stops when the client leaves', async (t) => {
  const { app, telemetry } = await buildApp(t, { FAULTS_FROM_HEADERS: true });
  await listenLocally(app);
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const client = await rawClient(app, `${GET}latency;ms=12000\r\n\r\n`);
  await until(() => timers() > before);
  client.socket.destroy();
  await until(() => telemetry.requests.length === 1);
  assert.equal(telemetry.requests[0]?.errorType, 'aborted');
  await until(() => timers() <= before, 'nothing waits any more');
  assert.deepEqual(failures(telemetry), []);
});

for (const { fault, status, errorType } of [
  { fault: 'error', status: 500, errorType: 'fault' },
  { fault: 'error;status=503', status: 503, errorType: 'fault' },
  { fault: 'error;status=429', status: 429, errorType: undefined },
  { fault: 'exception', status: 500, errorType: 'FaultError' },
]) {
  test(`${fault} is a ${status} for the client, telemetry and the log`, async (t) => {
    const { answer, telemetry, request } = await ask(t, fault);
    assert.equal(answer.statusCode, status);
    assert.match(String(answer.headers['content-type']), /problem\+json/);
    assert.deepEqual([request?.status, request?.errorType], [status, errorType]);
    assert.equal(telemetry.lines.filter(({ msg }) => msg === 'request failed').length, status >= 500 ? 1 : 0);
  });
}

test('exception has the message and a cause in the log, and not in the answer', async (t) => {
  const { answer, telemetry } = await ask(t, 'exception;message=the disk%2C it is full');
  assert.doesNotMatch(answer.body, /disk/);
  assert.match(JSON.stringify(telemetry.lines[0]), /the disk, it is full.*so was its cause/);
});

test('hang ends by the handler timeout', async (t) => {
  const { app, telemetry } = await buildApp(t, { FAULTS: 'hang;ttlMs=60000', override: { handlerTimeout: 100 } });
  const answer = await app.inject('/work');
  assert.equal(answer.json().code, 'FST_ERR_HANDLER_TIMEOUT');
  assert.deepEqual([telemetry.requests.length, telemetry.requests[0]?.status], [1, 503]);
});

test('hang ends when the client leaves, and nothing has failed', async (t) => {
  const { app, telemetry } = await buildApp(t, { FAULTS_FROM_HEADERS: true });
  await listenLocally(app);
  const client = await rawClient(app, `${GET}hang\r\n\r\n`);
  await until(() => app.lifecycle.sockets.size === 1);
  client.socket.destroy();
  await until(() => telemetry.requests.length === 1);
  assert.equal(telemetry.requests[0]?.errorType, 'aborted');
  assert.deepEqual(failures(telemetry), []);
});

test('drop closes the connection after the first bytes of an answer, and counts as aborted', async (t) => {
  const { app, telemetry } = await buildApp(t, { FAULTS_FROM_HEADERS: true });
  await listenLocally(app);
  const client = await rawClient(app, `${GET}drop\r\n\r\n`);
  await until(client.closed);
  assert.equal(client.received(), 'HTTP/1.1 ');
  await until(() => telemetry.requests.length === 1);
  assert.equal(telemetry.requests[0]?.errorType, 'aborted');
  assert.deepEqual(failures(telemetry), []);
});

test('dependency tells whoever calls the peer, for this request alone', async (t) => {
  const { app } = await buildApp(t, { FAULTS_FROM_HEADERS: true });
  assert.equal((await app.inject({ url: '/work', headers: asking('dependency') })).json().peer, 'down');
  assert.equal((await app.inject('/work')).json().peer, 'up');
});

test('cpu burns CPU time, and lets others in between', async (t) => {
  const { app } = await buildApp(t, { FAULTS_FROM_HEADERS: true });
  const before = process.cpuUsage();
  let done = false;
  const burning = app.inject({ url: '/work', headers: asking('cpu;ms=300') }).then(() => {
    done = true;
  });
  assert.equal((await app.inject('/users/1')).statusCode, 200);
  assert.equal(done, false, 'the other request was answered first');
  await burning;
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system > 75_000, `${user + system} us`);
});

test('block stops everything without using the CPU', async (t) => {
  const { app } = await buildApp(t, { FAULTS_FROM_HEADERS: true });
  const before = process.cpuUsage();
  const start = performance.now();
  let took = 0;
  setTimeout(() => {
    took = performance.now() - start;
  }, 1);
  await app.inject({ url: '/work', headers: asking('block;ms=400') });
  await until(() => took > 0);
  assert.ok(took >= 390, `a timer of 1 ms took ${took} ms`);
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 300_000, `${user + system} us`);
});

test('memory leaks up to maxBytes and frees all of it when the rule ends', async (t) => {
  const { app } = await buildApp(t, { FAULTS_ADMIN_TOKEN: 'secret' });
  const headers = { authorization: 'Bearer secret' };
  const rule = { kind: 'memory', bytes: 8 * MiB, maxBytes: 33 * MiB, ttlMs: 60_000 };
  const before = heap();
  await app.inject({ method: 'PUT', url: '/admin/faults', headers, payload: { faults: [rule] } });
  for (let i = 0; i < 10; i += 1) await app.inject('/work');
  const leaked = heap() - before;
  assert.ok(leaked > 30 && leaked < 45, `${leaked} MiB`);
  await app.inject({ method: 'DELETE', url: '/admin/faults', headers });
  await until(() => heap() - before < 10, 'it is free again');
});

test('memory leaks nothing more once its rule has ended', async () => {
  const fault = memory.begin({ bytes: 16 * MiB });
  const before = heap();
  fault.end?.();
  await fault.meet({} as MetRequest); // it looks at no request
  assert.ok(heap() - before < 8);
});

test('log-flood writes different lines in the trace of the request', async (t) => {
  const { telemetry, answer } = await ask(t, 'log-flood;lines=25');
  assert.equal(answer.statusCode, 200);
  const lines = telemetry.lines.filter(({ msg }) => msg === 'fault log line');
  assert.equal(new Set(lines.map((line) => line['clew.fault.line'])).size, 25);
  assert.ok(lines.every(({ level, trace_id: id }) => level === 'info' && id !== undefined));
});

test('log-flood has a limit for all requests together', async (t) => {
  const { app, telemetry } = await buildApp(t, { FAULTS: 'log-flood;lines=1000;ttlMs=60000' });
  const start = performance.now();
  for (let i = 0; i < 30; i += 1) await app.inject('/work');
  const seconds = Math.ceil((performance.now() - start) / 1_000) + 1;
  const lines = telemetry.lines.filter(({ msg }) => msg === 'fault log line').length;
  assert.ok(lines < 30_000 && lines <= seconds * 10_000, `${lines} lines in ${seconds} s`);
});

test('labels makes up a value per request, and at most so many', async (t) => {
  const values: string[] = [];
  const remember = (message: unknown) => values.push((message as { value: string }).value);
  subscribe('clew.fault.label', remember);
  t.after(() => unsubscribe('clew.fault.label', remember));
  const { app } = await buildApp(t, { FAULTS: 'labels;max=3;ttlMs=60000' });
  for (let i = 0; i < 5; i += 1) await app.inject('/work');
  assert.deepEqual(values, ['v0', 'v1', 'v2', 'v0', 'v1']);
});
