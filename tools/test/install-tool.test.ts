import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { installTool } from '../install-tool.ts';
import { tools } from '../programs.ts';

const TOOLS = join(import.meta.dirname, '..');
const WITHOUT_GO = { PATH: '/nowhere' };

function installed(t: TestContext, name: string, programs: string[], builtFrom = pinsOf(name)): string {
  const folder = mkdtempSync(join(tmpdir(), 'clew-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'bin'));
  for (const program of programs) writeFileSync(join(folder, 'bin', program), '');
  writeFileSync(join(folder, `${name}.built-from`), builtFrom);
  return folder;
}

function pinsOf(name: string): string {
  const files = readdirSync(join(TOOLS, name))
    .sort()
    .map((file) => readFileSync(join(TOOLS, name, file), 'utf8'));
  return createHash('sha256')
    .update([...files, tools[name]?.tags ?? '', tools[name]?.versionVariable ?? ''].join(''))
    .digest('hex');
}

test('programs that were built from the pinned versions are kept', async (t) => {
  for (const [name, { programs }] of Object.entries(tools)) {
    const folder = installed(t, name, programs.split(', '));
    const kept = await installTool(name, { out: process.stderr, folder, env: WITHOUT_GO });
    assert.deepEqual(kept.map((path) => path.replace(`${folder}/bin/`, '')).sort(), programs.split(', ').sort());
  }
});

test('those of other versions are built again, which without Go says what to do', async (t) => {
  const folder = installed(t, 'k6', ['k6'], 'something else');
  const built = installTool('k6', { out: process.stderr, folder, env: WITHOUT_GO });
  await assert.rejects(built, /^Error: k6 v2\.\S+ is built with Go, which is not on PATH: install Go 1\.26 or newer/);
});

test('one of two programs is not enough', async (t) => {
  const folder = installed(t, 'prometheus', ['prometheus']);
  const built = installTool('prometheus', { out: process.stderr, folder, env: WITHOUT_GO });
  await assert.rejects(built, /^Error: prometheus v0\.\S+ is built with Go/);
});

test('every Go module here is a tool, and the other way round', () => {
  assert.deepEqual(globSync('*/go.mod', { cwd: TOOLS }).map(dirname).sort(), Object.keys(tools).sort());
});

test('a name that is no tool is refused with those that are', async () => {
  await assert.rejects(installTool('k7', { out: process.stderr }), /k7: no such tool; there are .*k6/);
});
