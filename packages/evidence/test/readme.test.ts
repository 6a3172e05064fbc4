import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checks } from '../src/checks/all.ts';
import { secretPatterns } from '../src/checks/secrets/patterns.ts';

test('the README has a row for every check, in the order of the report, and for every secret pattern', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const tables = readme.slice(readme.indexOf('## Checks'), readme.indexOf('## Queries'));
  const rows = [...tables.matchAll(/^\| `(.+?)` /gm)].map(([, name]) => name);
  assert.deepEqual(
    rows,
    [...checks, ...secretPatterns].map(({ name }) => name),
  );
});
