import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { describeConfig } from '../../packages/service/src/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const textOf = (...globs: string[]) =>
  globSync(globs, { cwd: ROOT })
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');

it('every variable that is documented is set by a test that sees its effect', () => {
  const standard =
    textOf('services/*/README.md', 'services/*/src/telemetry/env.ts', 'docs/troubleshooting.md').match(
      /\bOTEL_[A-Z_]*[A-Z]\b/g,
    ) ?? [];
  const documented = new Set([...describeConfig().map(({ name }) => name), ...standard]);
  assert.ok(documented.size > 25);
  const tests = textOf('test/settings/*.test.ts', 'test/stop.test.ts');
  const untested = [...documented].filter((name) => !new RegExp(`\\b${name}: `).test(tests));
  assert.deepEqual(untested, []);
});
