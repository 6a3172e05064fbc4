import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { describeConfig, limits } from '../src/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the README has every setting as it is, and no other', () => {
  const settings = describeConfig().map((row) => [
    `\`${row.name}\``,
    row.default && `\`${row.default}\``,
    row.takes,
    row.description,
  ]);
  const rows = readme.match(/^\| `[A-Z_]+` +\|.*$/gm) ?? [];
  const documented = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  assert.deepEqual(documented, settings);
});

test('the README has the limits as they are', () => {
  assert.equal(limits.bodyLimit, 64 * 1024);
  assert.equal(limits.handlerTimeout, 12_000);
  assert.equal(limits.requestTimeout, 10_000);
  assert.equal(limits.maxParamLength, 100);
  for (const text of ['over 64 KiB', 'over 12 s', 'after 10 s', 'over 100 characters'])
    assert.ok(readme.includes(text));
});
