import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openEvidence, recentLogs, summary } from '@clew/evidence';
import { listen } from '../src/listener.ts';
import { until } from './support/backend.ts';
import { post } from './support/clients.ts';
import { encode } from './support/protobuf.ts';
import { traces } from './support/requests.ts';

const main = join(import.meta.dirname, '../src/main.ts');
const anyPorts = ['--otlp-grpc-port', '0', '--otlp-http-port', '0', '--api-port', '0'];

interface Run {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  /** The code it ends with. */
  ended: Promise<number | null>;
}

function run(t: TestContext, args: string[]): Run {
  const child = spawn(process.execPath, ['-C', 'clew-source', main, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  t.after(() => child.kill('SIGKILL'));
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}

interface Ready {
  ready: boolean;
  otlpGrpc: string;
  otlpHttp: string;
  api: string;
  file: string | null;
}

async function ready({ stdout, stderr, child }: Run): Promise<Ready> {
  await until('it is ready', () => stdout().includes('\n') || child.exitCode !== null);
  assert.equal(child.exitCode, null, stderr());
  return JSON.parse(stdout()) as Ready;
}

suite('the process', () => {
  test('says once that it is ready and where, and stores what it has received when it ends', async (t) => {
    const dir = await mkdtemp(join(tmpdir(), 'clew-'));
    t.after(() => rm(dir, { recursive: true }));
    const file = join(dir, 'run.clew');
    const process = run(t, [...anyPorts, '--file', file]);
    const where = await ready(process);
    assert.equal(where.ready, true);
    assert.equal(where.file, file);
    for (const url of [where.otlpGrpc, where.otlpHttp, where.api]) assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await post(`${where.otlpHttp}/v1/traces`, encode('Traces', traces))).status, 200);
    const stream = request(`${where.api}/api/logs?service.name=a`, { method: 'POST' }).on('error', () => {});
    stream.write('one\nhalf');
    const logs = () => fetch(`${where.api}/api/logs`).then((response) => response.json());
    await until('the line is there', async () => ((await logs()) as unknown[]).length === 1);
    process.child.kill('SIGTERM');
    assert.equal(await process.ended, 0);
    assert.equal(process.stdout().split('\n').length, 2, 'one line');
    assert.equal(process.stderr(), '');
    const evidence = openEvidence({ file, readOnly: true });
    t.after(() => evidence.close());
    assert.equal(summary(evidence).held.spans, 2);
    const bodies = recentLogs(evidence).map(({ body }) => body);
    assert.deepEqual(bodies, ['half', 'one'], 'also what no batch had');
  });

  test('ends on SIGINT', async (t) => {
    const process = run(t, anyPorts);
    await ready(process);
    process.child.kill('SIGINT');
    assert.equal(await process.ended, 0);
  });

  test('ends on a Ctrl-C that arrives several times as on one', async (t) => {
    const process = run(t, anyPorts);
    const { api } = await ready(process);
    const stream = request(`${api}/api/logs?service.name=a`, { method: 'POST' }).on('error', () => {});
    stream.write('one\n');
    await until('the stream is open, so that stopping takes a while', async () => {
      const logs = (await fetch(`${api}/api/logs`).then((response) => response.json())) as unknown[];
      return logs.length === 1;
    });
    for (let i = 0; i < 5; i++) {
      process.child.kill('SIGINT');
      await setTimeout(5); // two that wait to be delivered are one
    }
    assert.equal(await process.ended, 0);
  });

  test('ends with its parent, if asked to', async (t) => {
    const process = run(t, [...anyPorts, '--exit-with-parent']);
    await ready(process);
    process.child.stdin?.end();
    assert.equal(await process.ended, 0);
  });

  test('does not end with its parent otherwise', async (t) => {
    const process = run(t, anyPorts);
    const { api } = await ready(process);
    process.child.stdin?.end();
    assert.equal((await fetch(api)).status, 200);
    process.child.kill('SIGTERM');
    assert.equal(await process.ended, 0);
  });
});

suite('a port in use', () => {
  for (const flag of ['--otlp-grpc-port', '--otlp-http-port', '--api-port']) {
    test(`of ${flag} is one line with port and flag`, async (t) => {
      const server = createServer();
      const { port, close } = await listen(server, '127.0.0.1', 0, () => {});
      t.after(close);
      const args = anyPorts.map((arg, i) => (anyPorts[i - 1] === flag ? String(port) : arg));
      const process = run(t, args);
      assert.equal(await process.ended, 1);
      assert.equal(
        process.stderr(),
        `port ${port} on 127.0.0.1 is in use: choose another with ${flag}, or 0 for a free one\n`,
      );
      assert.equal(process.stdout(), '');
    });
  }
});

test('bad flags are all named, and the code is 1', async (t) => {
  const process = run(t, ['--nope', '--api-port', 'x']);
  assert.equal(await process.ended, 1);
  assert.equal(
    process.stderr(),
    '--nope: no such flag\n--api-port x: not a whole number from 0 to 65535\nsee --help\n',
  );
});

test('a file that is no evidence is one line', async (t) => {
  const process = run(t, [...anyPorts, '--file', main]);
  assert.equal(await process.ended, 1);
  assert.match(process.stderr(), /^[^\n]+\n$/);
});

test('--help is on stdout', async (t) => {
  const process = run(t, ['--help']);
  assert.equal(await process.ended, 0);
  assert.match(process.stdout(), /--otlp-grpc-port/);
});
