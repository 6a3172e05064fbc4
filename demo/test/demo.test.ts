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

for (const [name, file, phase, after, ...args] of [
  ['prom-otel', 'services/prom-otel', 'while it runs', 'a linked trace'],
  ['local-backend', 'packages/local-backend', 'before the first trace', 'Running after'],
  ['local-backend', 'packages/local-backend', 'while all of it stops', 'stopping: traffic', '--for', '1s'],
] as const) {
  test(`${name} that dies ${phase} is named, with its last lines`, {
    timeout: 90_000,
    skip: process.platform !== 'linux' && 'finds the process in /proc',
  }, async (t) => {
    const { child, ended, output } = startDemo(...args);
    t.after(() => child.kill('SIGKILL'));
    await said(after, child, output);
    const commandOf = (pid: string) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
    const found = children.find((pid) => commandOf(pid).includes(file));
    assert.ok(found, children.map(commandOf).join('\n'));
    process.kill(Number(found), 'SIGKILL');
    const { code } = await ended;
    assert.equal(code, 2);
    assert.match(
      output(),
      new RegExp(`${name} was killed by SIGKILL in the midst of the run\\. Its last lines:\\n {2}\\{`),
    );
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
