import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';

const main = new URL('../src/main.ts', import.meta.url).pathname;

/** Listens, so that the port is taken. */
async function takePort(t: TestContext): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port; // it listens on a port, not on a pipe
}

/** Starts the service, which has to fail: its exit code, what it wrote to stderr, and how long after that it ended. */
async function failToStart(t: TestContext, env: Record<string, string>) {
  const child = spawn(process.execPath, ['-C', 'clew-source', main], {
    env: { HOST: '127.0.0.1', PORT: '0', METRICS_PORT: '0', OTEL_TRACES_EXPORTER: 'none', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let stderr = '';
  let told = 0;
  child.stderr.on('data', (chunk) => {
    told ||= performance.now();
    stderr += String(chunk);
  });
  const [code] = await once(child, 'close');
  return { code, stderr, lingered: performance.now() - told };
}

test('METRICS_PORT that is taken is named, and the service does not start', async (t) => {
  const port = await takePort(t);
  const { code, stderr } = await failToStart(t, { METRICS_PORT: `${port}` });
  assert.equal(code, 1);
  assert.equal(
    stderr,
    `METRICS_PORT=${port} is taken on 127.0.0.1: set it to a free one, or stop what listens there\n`,
  );
});

test('an address on which metrics cannot be had is named with its setting', async (t) => {
  const { code, stderr } = await failToStart(t, { HOST: '192.0.2.1' });
  assert.equal(code, 1);
  assert.match(stderr, /^METRICS_PORT=0 on HOST=192\.0\.2\.1: .*EADDRNOTAVAIL.*\n$/);
});

test('a service that cannot listen does not linger for a scrape', async (t) => {
  const port = await takePort(t);
  const { code, stderr, lingered } = await failToStart(t, { PORT: `${port}`, METRICS_LINGER: '60000' });
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^PORT=${port} is taken on 127\\.0\\.0\\.1.*\\n$`), 'said once');
  assert.ok(lingered < 4_000, `${lingered} ms`);
});
