import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { codesIn, tableUnder } from '../../test/markdown.ts';
import { assemble } from '../assemble.ts';
import { additions, filesOf, roles } from '../roles.ts';
import { ALLOY, blocksOf, configFiles, pathOf, referencesOf } from './config.ts';
import { readAlloy } from './read.ts';

const README = readFileSync(join(ALLOY, 'README.md'), 'utf8');

test('every file belongs to a role or an addition, and every file of these exists', () => {
  const named = new Set([...Object.values(roles), ...Object.values(additions)].flatMap(({ files }) => files));
  assert.deepEqual([...named].sort(), configFiles);
});

for (const role of Object.keys(roles)) {
  test(`${role}: what is referred to is there, and nothing has one name twice`, () => {
    const files = filesOf(role);
    const blocks = files.flatMap(readAlloy);
    const declared = blocks.map(pathOf);
    assert.deepEqual([...new Set(declared)], declared);
    for (const reference of blocks.flatMap(referencesOf)) assert.ok(declared.includes(reference), reference);
    const names = files.map((file) => basename(file));
    assert.deepEqual([...new Set(names)], names, 'a folder can have each name once');
  });
}

test('local/ and kubernetes/ offer the same components to the other files, and ask for the same', () => {
  const shared = blocksOf(...configFiles.filter((file) => !file.includes('/')));
  const seam = (platform: string) => {
    const blocks = blocksOf(...configFiles.filter((file) => file.startsWith(`${platform}/`)));
    const own = new Set(blocks.map(pathOf));
    const between = (from: typeof blocks, to: Set<string>) =>
      [...new Set(from.flatMap(referencesOf).filter((name) => to.has(name)))].sort();
    return { offers: between(shared, own), asks: between(blocks, new Set(shared.map(pathOf))) };
  };
  const kubernetes = seam('kubernetes');
  // Events have no counterpart outside of Kubernetes; they go straight to Loki.
  kubernetes.asks = kubernetes.asks.filter((name) => name !== 'loki.write.logs');
  assert.deepEqual(seam('local'), kubernetes);
  assert.ok(kubernetes.offers.length > 0 && kubernetes.asks.length > 2);
});

test('the README lists the roles and additions, each with what it is for', () => {
  for (const [heading, parts] of Object.entries({ Roles: roles, Additions: additions })) {
    const rows = tableUnder(README, heading);
    const listed = rows.map((row) => [codesIn(Object.values(row)[0])[0], Object.values(row)[1]]);
    assert.deepEqual(
      Object.fromEntries(listed),
      Object.fromEntries(Object.entries(parts).map(([name, { what }]) => [name, what])),
    );
  }
});

test('a role is assembled into one folder, with its additions', (t) => {
  const folder = join(emptyFolder(t), 'new');
  assemble('docker+profiles+frontend', folder);
  const files = filesOf('docker+profiles+frontend').map((file) => relative(ALLOY, file));
  assert.deepEqual(readdirSync(folder).sort(), files.map((file) => basename(file)).sort());
  assert.ok(files.includes('profiles.alloy') && files.includes('local/docker.alloy'));
});

test('a folder with anything in it is refused, and a role that does not exist', (t) => {
  const folder = emptyFolder(t);
  assert.throws(() => assemble('nothing', folder), /nothing: no such role; there are docker, /);
  assert.throws(() => assemble('docker+nothing', folder), /nothing: no such addition; there are profiles, frontend/);
  writeFileSync(join(folder, 'mine.alloy'), '');
  assert.throws(
    () => assemble('docker', folder),
    /is not empty, and Alloy would read what is there too: give a new folder/,
  );
  assert.ok(!existsSync(join(folder, 'otlp.alloy')));
});

function emptyFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'clew-alloy-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
