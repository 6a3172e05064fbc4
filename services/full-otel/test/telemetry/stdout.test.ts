import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

const LINES = 250;
/** 250 lines of it are 25 MB, more than is kept. */
const LINE_BYTES = 100_000;

/** Writes its lines, says so on stderr, and does what is asked for when its stdin ends. */
function startWriter(t: TestContext, service: string, atTheEnd: string) {
  const stdout = new URL(`../../../${service}/src/telemetry/stdout.ts`, import.meta.url).href;
  const source = `
    const { stdout, flushStdout } = await import(${JSON.stringify(stdout)});
    process.stdout._handle.setBlocking(false); // as a pipe is in a service
    for (let i = 0; i < ${LINES}; i += 1) stdout.write(String(i).padEnd(${LINE_BYTES - 1}) + '\\n');
    console.error('written');
    process.stdin.on('end', async () => { ${atTheEnd} }).resume();
  `;
  const child = spawn(process.execPath, ['-C', 'clew-source', '--input-type=module', '--eval', source]);
  t.after(() => child.kill('SIGKILL'));
  return child;
}

for (const service of ['full-otel', 'prom-otel']) {
  test(`${service}: what waits for a stalled reader is bounded, and what is dropped is said before a stop is over`, async (t) => {
    const child = startWriter(t, service, 'await flushStdout(); process.exit();');
    await once(child.stderr, 'data');
    child.stdin.end();
    const text = (await child.stdout.setEncoding('utf8').toArray()).join('');

    const lines = text.trimEnd().split('\n');
    const { 'clew.log.dropped': dropped, level } = JSON.parse(lines.at(-1) ?? '');
    assert.equal(level, 'warn');
    assert.equal(lines.length - 1 + dropped, LINES);
    assert.ok(lines.length * LINE_BYTES < 18e6, `${lines.length} lines of ${LINE_BYTES} bytes`);
    assert.deepEqual(lines.slice(0, -1).map(Number), [...lines.slice(0, -1).keys()], 'the oldest are kept, in order');
  });

  for (const reader of ['stalled', 'gone']) {
    test(`${service} ends although the reader of its stdout is ${reader}`, async (t) => {
      const child = startWriter(t, service, 'process.exit(3);');
      await once(child.stderr, 'data');
      if (reader === 'gone') child.stdout.destroy();
      child.stdin.end();
      const exit = once(child, 'exit').then(([code]) => code);
      assert.equal(await Promise.race([exit, delay(20_000, 'it is still there', { ref: false })]), 3);
    });
  }
}
