import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { installTool, toolNames } from '../install-tool.ts';

const MODULE = join(import.meta.dirname, '../k6');
const WITHOUT_GO = { PATH: '/nowhere' };

function installed(t: TestContext, builtFrom: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'clew-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/k6'), '');
  writeFileSync(join(folder, 'k6.built-from'), builtFrom);
  return folder;
}

test('a program that was built from the pinned versions is kept', async (t) => {
  const pins = ['go.mod', 'go.sum'].map((file) => readFileSync(join(MODULE, file)));
  const folder = installed(t, createHash('sha256').update(Buffer.concat(pins)).digest('hex'));
  assert.equal(await installTool('k6', { out: process.stderr, folder, env: WITHOUT_GO }), join(folder, 'bin/k6'));
});

test('one of other versions is built again, which without Go says what to do', async (t) => {
  const folder = installed(t, 'something else');
  const built = installTool('k6', { out: process.stderr, folder, env: WITHOUT_GO });
  await assert.rejects(built, /^Error: k6 v2\.\S+ is built with Go, which is not on PATH: install Go 1\.26 or newer/);
});

test('a name that is no tool is refused with those that are', async () => {
  assert.ok(toolNames().includes('k6'));
  await assert.rejects(installTool('k7', { out: process.stderr }), /k7: no such tool; there are .*k6/);
});
