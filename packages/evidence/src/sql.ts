import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

export type Parameters = Record<string, SQLInputValue | undefined>;

/**
 * Rows of a SELECT with `:name` parameters; ids come back as lower-case hex. `Row` is the caller's word for what its
 * column list yields. Parameters that the statement does not name are ignored.
 */
export function rows<Row>(db: DatabaseSync, sql: string, parameters: Parameters = {}): Row[] {
  // SQLite types values, not columns: only the statement itself says what its rows are.
  return [...iterate<Record<string, unknown>>(db, sql, parameters)].map((row) => withHexIds(row)) as Row[];
}

/** The same one by one, for more rows than fit in memory; ids come back as they are stored. */
export function iterate<Row>(db: DatabaseSync, sql: string, parameters: Parameters = {}): IterableIterator<Row> {
  const statement = db.prepare(sql);
  statement.setAllowUnknownNamedParameters(true);
  const bound = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, value ?? null]));
  return statement.iterate(bound) as IterableIterator<Row>; // as in `rows`
}

/** The only row of a SELECT that always yields one, such as a count. */
export function row<Row>(db: DatabaseSync, sql: string, parameters: Parameters = {}): Row {
  const [first] = rows<Row>(db, sql, parameters);
  if (first === undefined) throw new Error(`no row from: ${sql}`);
  return first;
}

/** Runs `work` in one transaction: all of it, or nothing of it when it throws. */
export function transaction<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('BEGIN');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** A stored row with its ids as lower-case hex. */
export function withHexIds(found: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(found).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    ]),
  );
}
