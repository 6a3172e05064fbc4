import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';

const STDOUT = new URL('../../src/telemetry/stdout.ts', import.meta.url).href;
const LINES = 400;
/** 400 lines of it are 40 MB, more than is kept. */
const LINE_BYTES = 100_000;

test('what a stalled reader leaves is bounded, and what is dropped is said as soon as it reads again', async (t) => {
  const source = `
    const { stdout } = await import(${JSON.stringify(STDOUT)});
    for (let i = 0; i < ${LINES}; i += 1) stdout.write(String(i).padEnd(${LINE_BYTES - 1}) + '\\n');
    console.error('written');
    setTimeout(() => {}, 60_000);
  `;
  const child = spawn(process.execPath, ['-C', 'clew-source', '--input-type=module', '--eval', source]);
  t.after(() => child.kill('SIGKILL'));
  await child.stderr.setEncoding('utf8').take(1).toArray();

  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk;
    if (text.includes('log lines dropped') && text.endsWith('\n')) break;
  }
  const lines = text.trimEnd().split('\n');
  const { 'clew.log.dropped': dropped, level } = JSON.parse(lines.at(-1) ?? '');
  assert.equal(level, 'warn');
  assert.equal(lines.length - 1 + dropped, LINES);
  assert.ok(lines.length * LINE_BYTES < 18e6, `${lines.length} lines of ${LINE_BYTES} bytes`);
  assert.deepEqual(lines.slice(0, -1).map(Number), [...lines.slice(0, -1).keys()], 'the oldest are kept, in order');
});
