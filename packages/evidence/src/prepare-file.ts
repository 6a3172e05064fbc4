import type { DatabaseSync } from 'node:sqlite';
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.ts';
import { transaction } from './sql.ts';

/**
 * Checks that an open database is evidence of this version, and makes an empty one so.
 *
 * @throws {Error} when it is not.
 */
export function prepareFile(db: DatabaseSync, file: string, readOnly: boolean): void {
  const { version, application, empty } = identify(db, file);
  if (!empty && application !== APPLICATION_ID) throw new Error(`${file} is the database of another program`);
  if (!empty && version !== SCHEMA_VERSION) {
    const remedy = version > SCHEMA_VERSION ? 'update clew to read it' : 'make it again, or read it with that version';
    throw new Error(`${file} has evidence version ${version}, this clew has ${SCHEMA_VERSION}: ${remedy}`);
  }
  if (readOnly) {
    if (empty) throw new Error(`${file} is empty`);
    return;
  }
  // No fsync: a kill loses nothing, only a power cut can, and an fsync every few MB would hold up the receiver.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY');
  // The index on random trace ids is touched everywhere; the default cache of 2 MB holds a tenth of it.
  db.exec('PRAGMA cache_size = -16000; PRAGMA journal_size_limit = 4194304');
  if (empty) {
    transaction(db, () =>
      db.exec(`${SCHEMA} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`),
    );
  }
}

function identify(db: DatabaseSync, file: string) {
  try {
    const found = db
      .prepare(
        `SELECT user_version AS version, application_id AS application, NOT EXISTS (SELECT 1 FROM sqlite_schema) AS empty
         FROM pragma_user_version, pragma_application_id`,
      )
      .get();
    return {
      version: Number(found?.version),
      application: Number(found?.application),
      empty: found?.empty === 1,
    };
  } catch (cause) {
    throw new Error(`${file} is no evidence file`, { cause });
  }
}
