import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readK6Summary } from '../../src/cli/k6-summary.ts';

const row = { service: 'shop', method: 'GET', route: '/x', status: 200, count: 3 };

function read(t: TestContext, summary: unknown) {
  const folder = mkdtempSync(join(tmpdir(), 'clew-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'summary.json');
  writeFileSync(file, typeof summary === 'string' ? summary : JSON.stringify(summary));
  const problems: string[] = [];
  return { tallies: readK6Summary(file, problems), problems };
}

test('rows become tallies; status 0 is a client that went away', (t) => {
  const requests = [row, { ...row, status: 0, count: 2 }];
  const { tallies, problems } = read(t, { generator: 'k6', requests, refused: 4, uncounted: 0 });
  const { status: _, ...aborted } = { generator: 'k6', ...row, count: 2 };
  assert.deepEqual({ tallies, problems }, { tallies: [{ generator: 'k6', ...row }, aborted], problems: [] });
});

test('a summary that does not count every request is refused', (t) => {
  const { tallies, problems } = read(t, { generator: 'k6', requests: [row], uncounted: 5 });
  assert.deepEqual(tallies, []);
  assert.match(problems.join(), /--k6 .*: 5 requests are in no row/);
});

test('refuses what is something else', (t) => {
  const rows = [
    { ...row, count: -1 },
    { ...row, route: undefined },
    { ...row, status: '200' },
  ];
  const others = ['{', '[]', {}, { generator: 'k6' }, { requests: [row], uncounted: 0 }];
  for (const other of [...others, ...rows.map((one) => ({ generator: 'k6', requests: [one], uncounted: 0 }))]) {
    const { tallies, problems } = read(t, other);
    assert.deepEqual(tallies, []);
    assert.match(problems.join(), /not the summary\.json that a scenario of load\/ writes/, JSON.stringify(other));
  }
});

test('a file that is not there is a problem', () => {
  const problems: string[] = [];
  readK6Summary('/no/such', problems);
  assert.match(problems.join(), /^--k6 \/no\/such: cannot be read \(ENOENT\)$/);
});
