import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

// The same file in both services.
const LOGGER = new URL('../../src/telemetry/logger.ts', import.meta.url).href;
const STDOUT = new URL('../../src/telemetry/stdout.ts', import.meta.url).href;

function output(statement: string, env: Record<string, string> = {}) {
  const code = `import { logger } from ${JSON.stringify(LOGGER)}; import { stdout } from ${JSON.stringify(STDOUT)}; ${statement}; stdout.flush(() => process.exit(0));`;
  const args = ['-C', 'clew-source', '--input-type=module', '--eval', code];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  const parse = (text: string) => text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as object] : []));
  return { stdout: parse(child.stdout), stderr: parse(child.stderr) };
}

for (const LOG_OUTPUT of ['otlp', 'stdout', 'both']) {
  test(`a fatal line goes to stderr at once, without its secrets, with LOG_OUTPUT=${LOG_OUTPUT}`, () => {
    const { stdout, stderr } = output(`logger.fatal(new TypeError('token=hunter2 is not a function'), 'it broke')`, {
      LOG_OUTPUT,
      LOG_LEVEL: 'fatal',
    });
    assert.deepEqual(stdout, []);
    const [line] = stderr as Record<string, unknown>[];
    assert.equal(line?.level, 'fatal');
    assert.equal(line?.msg, 'it broke');
    assert.equal(line?.['exception.message'], 'token=[redacted] is not a function');
    assert.doesNotMatch(JSON.stringify(stderr), /hunter2/);
  });

  test(`a line outside of a request is on stdout with LOG_OUTPUT=${LOG_OUTPUT}`, () => {
    const { stdout, stderr } = output(`logger.info({ port: 1 }, 'listening on %s', 'all')`, { LOG_OUTPUT });
    const [line] = stdout as Record<string, unknown>[];
    assert.deepEqual([line?.level, line?.msg, line?.port], ['info', 'listening on all', 1]);
    assert.deepEqual(stderr, []);
  });
}
