import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { helpText } from '../src/flags.ts';
import { startBackend } from './support/backend.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

/** The first cells of table rows that match. */
function documented(pattern: RegExp): string[] {
  return [...readme.matchAll(pattern)].map((match) => match[1] ?? '').sort();
}

test('the table of routes and GET /api have the routes that there are', async (t) => {
  const { apiUrl } = await startBackend(t);
  const index = (await (await fetch(`${apiUrl}/api`)).json()) as {
    endpoints: { method: string; path: string; summary: string }[];
  };
  const routes = index.endpoints.map(({ method, path }) => `${method} ${path}`).sort();
  assert.ok(routes.length > 15);
  assert.deepEqual(documented(/^\| `((?:GET|POST|PUT|DELETE) [^`]+)`/gm), routes);
  assert.deepEqual(
    index.endpoints.filter(({ summary }) => summary === ''),
    [],
  );
});

test('the table of flags has the flags that there are', () => {
  const flags = [...helpText().matchAll(/^ {2}(--[a-z-]+(?: \S+)?)/gm)].map((match) => match[1]?.trim() ?? '').sort();
  assert.ok(flags.length > 9);
  assert.deepEqual(documented(/^\| `(--[^`]+)`/gm), flags);
});
