import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { openEvidence, runChecks, summary } from '../src/index.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../src/schema.ts';
import { evidenceOf, goodRun } from './run.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('keeps a run in one plain file', (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'run.clew');
  evidenceOf(goodRun(), openEvidence({ file })).close();
  assert.deepEqual(readdirSync(folder), ['run.clew']);

  const kept = openEvidence({ file, readOnly: true });
  // In WAL mode, a reader would have to write beside it.
  assert.equal(kept.db.prepare('PRAGMA journal_mode').get()?.journal_mode, 'delete');
  const verdicts = runChecks(kept).map(({ status }) => status);
  kept.close();
  assert.deepEqual(new Set(verdicts), new Set(['holds']));
});

test('goes on with a file that was kept', (t) => {
  const file = join(temporaryFolder(t), 'run.clew');
  evidenceOf(goodRun(), openEvidence({ file })).close();
  const evidence = evidenceOf(goodRun(), openEvidence({ file }));
  const { services, received, held } = summary(evidence);
  evidence.close();
  assert.deepEqual({ services, spans: held.spans, received: received.spans }, { services: 2, spans: 18, received: 18 });
});

test('a reader sees what another connection writes, and the writer can close before it', (t) => {
  const file = join(temporaryFolder(t), 'run.clew');
  const writer = openEvidence({ file });
  const reader = openEvidence({ file, readOnly: true });
  evidenceOf(goodRun(), writer);
  assert.equal(summary(reader).held.spans, 9);
  writer.close();
  assert.equal(summary(reader).held.spans, 9);
  reader.close();
});

test('a reader checks a file that another process goes on writing', { timeout: 30_000 }, async (t) => {
  const file = join(temporaryFolder(t), 'run.clew');
  const other = spawn(process.execPath, [...process.execArgv, join(import.meta.dirname, 'keep-writing.ts'), file]);
  const ended = once(other, 'exit');
  t.after(async () => {
    other.kill();
    await ended;
  });
  await once(other.stdout, 'data');
  const reader = openEvidence({ file, readOnly: true });
  t.after(() => reader.close());
  let spans = 0;
  for (let growths = 0; growths < 3; ) {
    const { held } = summary(reader);
    const [result] = runChecks(reader, { only: ['log-trace'] });
    assert.equal(result?.status, 'holds');
    if (held.spans > spans) growths += 1;
    spans = held.spans;
    await setImmediate();
  }
});

test('a reader cannot write', (t) => {
  const file = join(temporaryFolder(t), 'run.clew');
  openEvidence({ file }).close();
  const reader = openEvidence({ file, readOnly: true });
  t.after(() => reader.close());
  const writes = [
    () => reader.write([]),
    () => reader.tally([]),
    () => reader.gap([]),
    () => reader.evict(0),
    () => reader.db.exec('DELETE FROM spans'),
  ];
  for (const write of writes) assert.throws(write, /read-?only/);
});

const refused: { what: string; make: (file: string) => void; message: RegExp; readOnly: boolean }[] = [
  {
    what: 'a file of a newer version',
    make: (file) => databaseOf(file, APPLICATION_ID, SCHEMA_VERSION + 1),
    message: /has evidence version \d+, this clew has \d+: update clew/,
    readOnly: false,
  },
  {
    what: 'the database of another program',
    make: (file) => databaseOf(file, 0, 0),
    message: /is the database of another program/,
    readOnly: false,
  },
  {
    what: 'a file that is no database',
    make: (file) => writeFileSync(file, 'not a database, and long enough to be looked at as one\n'.repeat(100)),
    message: /is no evidence file/,
    readOnly: false,
  },
  { what: 'a missing file read-only', make: () => {}, message: /there is no evidence file/, readOnly: true },
  { what: 'an empty file read-only', make: (file) => writeFileSync(file, ''), message: /is empty/, readOnly: true },
];

for (const { what, make, message, readOnly } of refused) {
  test(`refuses ${what}`, (t) => {
    const file = join(temporaryFolder(t), 'run.clew');
    make(file);
    assert.throws(() => openEvidence({ file, readOnly }), message);
  });
}

function databaseOf(file: string, application: number, version: number): void {
  const db = new DatabaseSync(file);
  db.exec(`CREATE TABLE theirs (id); PRAGMA application_id = ${application}; PRAGMA user_version = ${version}`);
  db.close();
}
