import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readOptions } from '../src/options.ts';

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

test('one Ctrl-C, which arrives several times, drains and prints the report', { timeout: 90_000 }, async (t) => {
  const { child, ended, output } = startDemo();
  t.after(() => child.kill('SIGKILL'));
  while (!output().includes('a linked trace')) {
    assert.equal(child.exitCode, null, output());
    await once(child.stdout, 'data');
  }
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
