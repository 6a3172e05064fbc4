import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';

const RUNNER = join(import.meta.dirname, '../../run.ts');
const NOWHERE = ['--target', 'shop=http://127.0.0.1:9', '--otlp', 'http://127.0.0.1:9'];

interface Ran {
  status: number | null;
  output: string;
  k6Started: boolean;
}

/** Runs `npm run load` with a program in the place of k6, that ends with `code` and leaves this as its summary. */
function run(t: TestContext, args: string[], { code = 0, summary = '' } = {}): Ran {
  const folder = mkdtempSync(join(tmpdir(), 'clew-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'k6');
  const leave = summary === '' ? '' : `echo '${summary}' > "$SUMMARY/summary.json"`;
  const script = `if [ "$1" = version ]; then echo 'k6 v2.0.0'; exit; fi\ntouch '${folder}/started'\n${leave}\nexit ${code}`;
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  writeFileSync(join(folder, 'summary.json'), '{ "ok": true }'); // of an earlier run
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [RUNNER, 'error-burst', ...NOWHERE, '--summary', folder, ...args],
    { encoding: 'utf8', env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, SEED: '' } },
  );
  return { status, output: `${stdout}${stderr}`, k6Started: existsSync(join(folder, 'started')) };
}

test('a value that cannot be used is named by its option, and k6 is not started', (t) => {
  const { status, output, k6Started } = run(t, ['--rate', '0', '--pace', 'faster']);
  assert.deepEqual([status, k6Started], [2, false]);
  assert.match(output, /^ {2}--pace, PACE=faster: give one of normal, fast$/m);
  assert.match(output, /^ {2}--rate, RATE=0: give a number from 0\.01 to 1000$/m);
});

test('says where to look after a run, also after one whose thresholds do not hold', (t) => {
  const { status, output } = run(t, [], { code: 99, summary: '{ "ok": false }' });
  assert.equal(status, 99);
  assert.match(output, /^What it moves: /m);
});

test('says nothing of what a run moves that did not start', (t) => {
  const notRun = run(t, [], { code: 108, summary: '{ "ok": false, "notRun": "shop is down" }' });
  assert.deepEqual([notRun.status, notRun.k6Started], [108, true]);
  assert.doesNotMatch(notRun.output, /What it moves/);
  const noSummary = run(t, [], { code: 107 });
  assert.deepEqual([noSummary.status, noSummary.k6Started], [107, true]);
  assert.doesNotMatch(noSummary.output, /What it moves/);
});
