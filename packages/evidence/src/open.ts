import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Evicted, evictor } from './evict/evict.ts';
import { prepareFile } from './prepare-file.ts';
import type { Batch, GapRecord, TallyRecord } from './records.ts';
import { transaction } from './sql.ts';
import { batchWriter } from './write/batches.ts';
import { gapWriter } from './write/gaps.ts';
import { tallyWriter } from './write/tallies.ts';

/** The store of one run: what every reader writes and every check reads. */
export interface Evidence {
  /** For queries and checks. */
  readonly db: DatabaseSync;
  /** Adds records of any resources, in one transaction: all of them, or none when it throws. */
  write(batches: Batch[]): void;
  /** Adds to what generators say they sent; counts of the same request add up. */
  tally(records: TallyRecord[]): void;
  /** Writes down what the store does not hold; counts of the same kind, signal and reason add up. */
  gap(records: GapRecord[]): void;
  /**
   * Makes room once the store is 90 % full: whole traces oldest first, logs as old, and points beyond a quarter of the
   * bound. Blocks for about 50 ms at most and returns what it evicted; call it after every write, and the file stays
   * within `maxBytes`.
   */
  evict(maxBytes: number): Evicted;
  /** Bytes in use. The file may be larger: it keeps freed pages for the next write. */
  bytes(): number;
  /** Closes the store; a file is then complete without its `-wal`. */
  close(): void;
}

/**
 * Opens an evidence file, or makes it; without `file` the store is in memory.
 *
 * @param options `readOnly` opens a file that another process may be writing; writing to it throws.
 * @throws {Error} when the file is missing (`readOnly`), is no evidence file, or comes from a newer version.
 * @example
 * const evidence = openEvidence({ file: 'run.clew' });
 * evidence.write([{ resource: { attributes: { 'service.name': 'full-otel' } }, spans }]);
 * console.log(formatReport(runChecks(evidence)));
 */
export function openEvidence({ file, readOnly = false }: { file?: string; readOnly?: boolean } = {}): Evidence {
  if (readOnly && (file === undefined || !existsSync(file))) throw new Error(`there is no evidence file ${file ?? ''}`);
  const db = new DatabaseSync(file ?? ':memory:', { readOnly, timeout: 2000 });
  try {
    prepareFile(db, file ?? 'memory', readOnly);
  } catch (error) {
    db.close();
    throw error;
  }
  return readOnly ? reader(db) : writer(db);
}

function writer(db: DatabaseSync): Evidence {
  const batches = batchWriter(db);
  const writeTallies = tallyWriter(db);
  const writeGaps = gapWriter(db);
  const bytes = sizer(db);
  return {
    db,
    bytes,
    write: (records) => batches.write(records),
    tally: (records) => transaction(db, () => writeTallies(records)),
    gap: (records) => transaction(db, () => writeGaps(records)),
    evict: evictor(db, bytes, () => batches.forget()),
    close() {
      db.exec('PRAGMA busy_timeout = 0');
      try {
        db.exec('PRAGMA journal_mode = DELETE');
      } catch {
        // Another process reads the file: it is complete all the same, only not without its -wal.
      }
      db.close();
    },
  };
}

function reader(db: DatabaseSync): Evidence {
  const refuse = (): never => {
    throw new Error('the evidence is open read-only');
  };
  return { db, bytes: sizer(db), write: refuse, tally: refuse, gap: refuse, evict: refuse, close: () => db.close() };
}

function sizer(db: DatabaseSync): () => number {
  const size = db.prepare(
    `SELECT (page_count - freelist_count) * page_size AS bytes
     FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
  );
  return () => Number(size.get()?.bytes);
}
