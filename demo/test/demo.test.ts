import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import { readOptions } from '../src/options.ts';
import { playScenario } from '../src/scenario.ts';

const MAIN = join(import.meta.dirname, '../src/main.ts');

function startDemo(...args: string[]) {
  const child = spawn(process.execPath, ['-C', 'clew-source', MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, ended, output: () => output };
}

async function said(
  what: string,
  child: ChildProcessByStdio<null, Readable, Readable>,
  output: () => string,
): Promise<void> {
  while (!output().includes(what)) {
    assert.equal(child.exitCode, null, output());
    await once(child.stdout, 'data');
  }
}

test('every wrong option is named in one message', () => {
  assert.throws(
    () => readOptions(['--for', '3 days', '--rate', 'fast', '--api-port', '0']),
    (error: Error) => {
      for (const wrong of ['--for 3 days', '--rate fast', '--api-port 0'])
        assert.ok(error.message.includes(wrong), wrong);
      return true;
    },
  );
});

test('a file that is there already is not taken for another run', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'clew-demo-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'kept.sqlite');
  await writeFile(file, '');
  const { code, output } = await startDemo('--keep', file).ended;
  assert.equal(code, 2);
  assert.match(output, /is there already/);
});

interface Running {
  said(what: string): Promise<void>;
  interrupt(): void;
  /** Sends a signal to a process of the demo. */
  signal(name: string, signal: NodeJS.Signals): void;
}

for (const [name, phase, die] of [
  [
    'prom-otel',
    'while it runs',
    async ({ said, signal }) => {
      await said('a linked trace');
      signal('prom-otel', 'SIGKILL');
    },
  ],
  [
    'local-backend',
    'before the first trace',
    async ({ said, signal }) => {
      await said('full-otel and prom-otel');
      signal('local-backend', 'SIGSTOP'); // so that it has no trace
      await said('Running after');
      signal('local-backend', 'SIGKILL');
    },
  ],
  [
    'local-backend',
    'while all of it stops',
    async ({ said, interrupt, signal }) => {
      await said('a linked trace');
      signal('prom-otel', 'SIGSTOP'); // so that not all of it can have stopped
      interrupt();
      await said('stopping: traffic');
      signal('local-backend', 'SIGKILL');
      signal('prom-otel', 'SIGCONT');
    },
  ],
] as [name: string, phase: string, die: (running: Running) => Promise<void>][]) {
  test(`${name} that dies ${phase} is named, with its last lines`, {
    timeout: 90_000,
    skip: process.platform !== 'linux' && 'finds the processes in /proc',
  }, async (t) => {
    const { child, ended, output } = startDemo();
    const children = () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
    const commandOf = (pid: string) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    t.after(() => {
      if (child.exitCode === null) for (const pid of children()) process.kill(Number(pid), 'SIGCONT');
      child.kill('SIGKILL');
    });
    await die({
      said: (what) => said(what, child, output),
      interrupt: () => child.kill('SIGINT'),
      signal(to, signal) {
        const found = children().find((pid) => commandOf(pid).includes(`/${to}/src/main.ts`));
        assert.ok(found, children().map(commandOf).join('\n'));
        process.kill(Number(found), signal);
      },
    });
    const { code } = await ended;
    assert.equal(code, 2);
    assert.match(
      output(),
      new RegExp(`${name} was killed by SIGKILL in the midst of the run\\. Its last lines:\\n {2}\\{`),
    );
    assert.equal(output().includes('a linked trace'), phase !== 'before the first trace');
  });
}

test('a stop that came before a scenario leaves it out', async () => {
  const nowhere = 'http://127.0.0.1:9';
  const { code, tallies } = await playScenario({
    name: 'smoke',
    services: [],
    backendUrl: nowhere,
    gatewayUrl: nowhere,
    token: 'none',
    seed: 1,
    folder: tmpdir(),
    stop: AbortSignal.abort(),
  });
  assert.deepEqual([code, tallies], [105, []]);
});

test('one Ctrl-C, which arrives several times, drains and prints the report', { timeout: 90_000 }, async (t) => {
  const { child, ended, output } = startDemo();
  t.after(() => child.kill('SIGKILL'));
  await said('a linked trace', child, output);
  const [, api] = /local backend +(http\S+)/.exec(output()) ?? [];
  const services = await (await fetch(`${api}/api/faults/services`)).json();
  const none = ['full-otel', 'prom-otel'].map((service) => ({ service, faults: [] }));
  assert.deepEqual(services, none, 'the local backend has the token of the services');
  child.kill('SIGINT');
  await new Promise((resolve) => setImmediate(resolve));
  child.kill('SIGINT');
  const { code } = await ended;
  assert.match(output(), /request-counts +\d+ +\d+ +100\.00 %/);
  assert.notEqual(code, 130);
});
