import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
/** 1 is for what was looked at and falls short: a script has to tell that from what could not be looked at. */
const COULD_NOT_LOOK = 2;

/** What the commands cannot make sense of, or cannot use. */
const REFUSED: Record<string, string[][]> = {
  'demo/src/main.ts': [['--nope'], ['--for', 'soon']],
  'bench/src/main.ts': [['--nope'], ['--only', 'exemplars', '--json', `${import.meta.filename}/x`]],
  'load/run.ts': [['nope'], ['smoke', '--pace', 'faster']],
  'tools/install.ts': [['nope'], ['--nope']],
  'alloy/assemble.ts': [['nope', '/no/such/folder']],
  'packages/verify/src/main.ts': [
    ['verify', '--nope'],
    ['verify', '--backend', 'local=/no/such/file'],
  ],
};

async function run(file: string, args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['-C', 'clew-source', join(ROOT, file), ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/clew-test') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

describe(`what cannot be done ends with exit code ${COULD_NOT_LOOK}, and why`, { concurrency: 2 }, () => {
  for (const [file, cases] of Object.entries(REFUSED)) {
    for (const args of cases) {
      it([file, ...args].join(' '), async () => {
        const { code, stdout, stderr } = await run(file, args);
        assert.deepEqual([code, stdout], [COULD_NOT_LOOK, ''], stderr);
        assert.notEqual(stderr.trim(), '');
        assert.doesNotMatch(stderr, /^ {4}at /m, 'no stack');
      });
    }
  }
});
