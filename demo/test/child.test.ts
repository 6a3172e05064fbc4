import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { explain, startChild } from '../src/child.ts';

test('a process that ends while it starts is named with its last lines, of stdout and stderr', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'clew-child-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'fails.ts');
  writeFileSync(file, "console.log('reading settings'); console.error('PORT: no'); process.exitCode = 3;");
  const child = startChild({ name: 'prom-otel', file });
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

test('one that said nothing is named all the same', () => {
  assert.equal(explain('prom-otel ended by itself', []), 'prom-otel ended by itself; it said nothing.');
});
