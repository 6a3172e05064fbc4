import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { codesIn, tableUnder } from '../../test/markdown.ts';
import { HELP } from '../runner/options.ts';
import { readStories } from '../runner/stories.ts';

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8');
const readme = read('README.md');
const firstCodes = (heading: string) => tableUnder(readme, heading).map((row) => codesIn(Object.values(row)[0])[0]);

test('the README has every scenario, and what it moves and takes as its head says', () => {
  const stories = readStories();
  assert.ok(stories.length >= 6);
  const rows = tableUnder(readme, 'Scenarios').map((row) => [codesIn(row.scenario)[0], row.moves, row.takes]);
  const plain = (text: string | undefined) => text?.replaceAll('\\', '');
  assert.deepEqual(
    rows.map(([name, moves, takes]) => [name, plain(moves), plain(takes)]),
    stories.map(({ name, moves, takes }) => [name, moves, takes]),
  );
});

test('every scenario plays under the name of its file', () => {
  for (const { name } of readStories()) assert.match(read(`scenarios/${name}.ts`), new RegExp(`\\bname: '${name}',`));
});

test('the README has every option of the runner, and no other', () => {
  const options = [...HELP.matchAll(/^ {2}(--[a-z-]+(?: \S+)?)(?= {2,})/gm)].map(([, option]) => option);
  assert.ok(options.length > 10);
  assert.deepEqual(firstCodes('Options'), options);
});

test('the README has every variable of a run, and no other', () => {
  const names = [...read('lib/settings.ts').matchAll(/\b(?:text|number|oneOf|url)\('([A-Z_]+)'/g)].map(
    ([, name]) => name,
  );
  assert.ok(names.length > 10);
  assert.deepEqual(new Set(firstCodes('Variables')), new Set(names));
});

test('what k6 runs imports nothing but k6 and its own files', () => {
  const files = globSync('{lib,journeys,profiles,faults,scenarios}/*.ts', { cwd: join(import.meta.dirname, '..') });
  assert.ok(files.length > 30);
  for (const file of files) {
    for (const [, from = ''] of read(file).matchAll(/from '([^']+)'/g)) {
      assert.match(from, /^(k6(\/\w+)?|\.\/[\w-]+\.ts|\.\.\/(lib|journeys|profiles|faults)\/[\w-]+\.ts)$/, file);
    }
  }
});
