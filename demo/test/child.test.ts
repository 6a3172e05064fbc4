import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Child, explain, startChild } from '../src/child.ts';

/** Starts a file of its own with this in it, as one of the demo's processes. */
function startSource(t: TestContext, source: string): Child {
  const folder = mkdtempSync(join(tmpdir(), 'clew-child-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'fails.ts');
  writeFileSync(file, source);
  return startChild({ name: 'prom-otel', file });
}

test('a process that ends while it starts is named with its last lines, of stdout and stderr', async (t) => {
  const child = startSource(t, "console.log('reading settings'); console.error('PORT: no'); process.exitCode = 3;");
  await assert.rejects(
    child.waitForLine(() => undefined, 20_000),
    ({ message }: Error) => {
      assert.match(message, /^prom-otel ended with exit code 3 while it was starting\. Its last lines:\n/);
      for (const line of ['\n  reading settings', '\n  PORT: no']) assert.ok(message.includes(line), message);
      return true;
    },
  );
  assert.equal(await child.ended, 3);
});

test('a process that is killed while it starts is named with the signal', async (t) => {
  const child = startSource(t, "process.kill(process.pid, 'SIGKILL');");
  await assert.rejects(
    child.waitForLine(() => undefined, 20_000),
    { message: 'prom-otel was killed by SIGKILL while it was starting; it said nothing.' },
  );
});

test('one that said nothing is named all the same', () => {
  assert.equal(explain('prom-otel was killed by SIGKILL', []), 'prom-otel was killed by SIGKILL; it said nothing.');
});
