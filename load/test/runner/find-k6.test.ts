import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findK6 } from '../../runner/find-k6.ts';

/** A folder with a program that says this of itself. */
function folderWithK6(t: TestContext, says: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'clew-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/k6'), `#!/bin/sh\necho '${says}'\n`);
  chmodSync(join(folder, 'bin/k6'), 0o755);
  return join(folder, 'bin');
}

test('takes k6 2 from PATH, else the one that was built here, and no other version', (t) => {
  const [one, two] = [folderWithK6(t, 'k6 v1.3.0 (go1.24)'), folderWithK6(t, 'k6 v2.2.0 (go1.26.8, linux/amd64)')];
  assert.equal(findK6({ PATH: `${one}:${two}` }, '/nowhere'), join(two, 'k6'));
  assert.equal(findK6({ PATH: one }, two), join(two, 'k6'));
  assert.equal(findK6({ PATH: one }, '/nowhere'), undefined);
  assert.equal(findK6({}, '/nowhere'), undefined);
});
