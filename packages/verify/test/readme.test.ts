import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { flags } from '../src/cli/flags.ts';
import { storeKinds } from '../src/stores.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

test('the README has the flags that there are, and no other', () => {
  const [, table = ''] = readme.split('## Flags');
  const documented = [...(table.split('## What')[0] ?? '').matchAll(/--([a-z][a-z0-9-]+)/g)].map(([, name]) => name);
  assert.deepEqual(new Set([...documented, 'help']), new Set(Object.keys(flags)));
});

test('the README names the environment variables of every store', () => {
  for (const { env } of storeKinds) assert.ok(readme.includes(`${env}_`), env);
});
