import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createApp } from '../src/create-app.ts';
import { run } from '../src/run.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { until } from './until.ts';

async function startProcess(t: TestContext, env: Record<string, string> = {}) {
  const file = new URL('service-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const exit = once(child, 'close');
  const lines = () => stdout.split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line)] : []));
  const messages = (): string[] => lines().map(({ msg }) => msg);
  return {
    child,
    exitCode: async () => (await exit)[0] as number | null,
    lines,
    messages,
    stderr: () => stderr,
    url: async (path: string) => {
      await until(() => messages().includes('server listening'), 'the service listens');
      return `http://127.0.0.1:${lines()[0]['server.port']}${path}`;
    },
  };
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} stops in order with exit code 0`, async (t) => {
    const service = await startProcess(t);
    assert.equal((await fetch(await service.url('/ready'))).status, 200);
    service.child.kill(signal);
    assert.equal(await service.exitCode(), 0);
    assert.deepEqual(service.messages(), [
      'server listening',
      'server stopping',
      'server stopped',
      'telemetry shut down',
    ]);
    assert.equal(service.stderr(), '');
  });
}

test('a stop under load cuts no request and loses none that was answered', async (t) => {
  const service = await startProcess(t, { DRAIN_DELAY: '300' });
  const url = await service.url('/work');
  let answered = 0;
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  t.after(() => agent.destroy());
  // Fifty users who ask again and again until they are told that their connection is about to close.
  const users = Array.from({ length: 50 }, async () => {
    for (let last = false; !last; ) {
      const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
      response.resume();
      await once(response, 'end');
      assert.equal(response.statusCode, 200);
      answered += 1;
      last = response.headers.connection === 'close';
    }
  });
  await until(() => answered > 200);
  service.child.kill('SIGTERM');
  await Promise.all(users);
  assert.equal(await service.exitCode(), 0);
  assert.deepEqual(service.lines().at(-1), { msg: 'telemetry shut down', requests: answered });
});

test('a second signal ends the process at once', async (t) => {
  const service = await startProcess(t, { DRAIN_DELAY: '60000' });
  await service.url('/');
  service.child.kill('SIGTERM');
  await until(() => service.messages().includes('server stopping'));
  service.child.kill('SIGINT');
  assert.equal(await service.exitCode(), 130);
});

test('a signal also ends a process that is failing and cannot hand over its telemetry', async (t) => {
  const service = await startProcess(t, { BREAK: 'shutdown' });
  await fetch(await service.url('/throw'));
  await until(() => service.messages().includes('telemetry shut down'));
  service.child.kill('SIGTERM');
  assert.equal(await service.exitCode(), 143);
});

for (const { path, msg, type, message } of [
  { path: '/throw', msg: 'uncaught exception', type: 'TypeError', message: 'nobody catches this' },
  { path: '/reject', msg: 'unhandled rejection', type: 'Error', message: 'nobody handles this' },
]) {
  test(`an ${msg} is logged, telemetry handed over, exit code 1`, async (t) => {
    const service = await startProcess(t);
    assert.equal((await fetch(await service.url(path))).status, 200);
    assert.equal(await service.exitCode(), 1);
    assert.deepEqual(service.messages(), ['server listening', msg, 'telemetry shut down']);
    const [, line] = service.lines();
    assert.deepEqual([line.level, line.err.type, line.err.message.split(':')[0]], ['fatal', type, message]);
  });
}

test('a port that is taken ends the process with one line that names the variable', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const address = other.address();
  assert.ok(address !== null && typeof address === 'object');
  const service = await startProcess(t, { PORT: String(address.port) });
  assert.equal(await service.exitCode(), 1);
  assert.equal(
    service.stderr(),
    `PORT=${address.port} is taken on 127.0.0.1: stop what listens there, or set PORT to a free one\n`,
  );
  assert.deepEqual(service.messages(), ['telemetry shut down'], 'the line on stderr is all that is said');
});

test('a start that failed does not wait for telemetry that cannot be handed over', async (t) => {
  const service = await startProcess(t, { HOST: '192.0.2.1', BREAK: 'shutdown' });
  await until(() => service.stderr() !== '');
  const failed = performance.now();
  assert.equal(await service.exitCode(), 1);
  assert.ok(performance.now() - failed < 4_000, 'an exception later on is given 6 s');
});

test('a host that is no address of this machine is named too', async (t) => {
  const service = await startProcess(t, { HOST: '192.0.2.1' });
  assert.equal(await service.exitCode(), 1);
  assert.match(service.stderr(), /^HOST=192\.0\.2\.1 is no address of this machine.*\n$/);
});

test('settings that cannot work end the process before anything has started', async (t) => {
  const service = await startProcess(t, { PORT: 'http', SEED: '-1' });
  assert.equal(await service.exitCode(), 1);
  assert.match(service.stderr(), /PORT="http".*\n.*SEED="-1"/);
  assert.deepEqual(service.messages(), []);
});

test('further exceptions while failing are told but shut telemetry down only once', async (t) => {
  const telemetry = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY: 'false' }, logger: telemetry.logger });
  t.after(() => app.close());
  const codes: number[] = [];
  const written: string[] = [];
  const proc = Object.assign(new EventEmitter(), {
    exit: (code: number) => void codes.push(code),
    stderr: Object.assign(new EventEmitter(), { write: (text: string) => written.push(text) }),
  });
  const config = { HOST: '127.0.0.1', PORT: 0, DRAIN_DELAY: 0, METRICS_LINGER: 0 };
  await run({ app, config, telemetry, proc });
  proc.emit('uncaughtException', new Error('first'));
  proc.emit('uncaughtException', new Error('second'));
  await until(() => codes.length > 0);
  assert.deepEqual(codes, [1]);
  assert.equal(telemetry.shutdowns, 1);
  assert.equal(telemetry.lines.filter(({ level }) => level === 'fatal').length, 2);
  assert.deepEqual(written, []);
  assert.equal(app.server.listening, false, 'no new requests for a process that is about to end');
});
