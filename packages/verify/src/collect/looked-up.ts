import type { Evidence } from '@clew/evidence';

/**
 * Which traces were asked for, as the table `temp.looked_up` of the evidence's connection. An id that was not asked for is
 * missing in the evidence and may well be in the store.
 */
export interface LookedUp {
  /** How many. */
  readonly size: number;
  /** Notes an id; false when it was noted before. */
  add(traceId: string): boolean;
  /** At most `limit` ids in exemplars, or in log lines, that were not asked for; by id, which is random in time. */
  missing(table: Table, limit: number): string[];
  /** How many exemplars, or log lines, lead to traces that were not asked for. */
  countMissing(table: Table): number;
}

export type Table = 'exemplars' | 'logs';

export function createLookedUp({ db }: Evidence): LookedUp {
  db.exec('CREATE TEMP TABLE looked_up (trace_id BLOB PRIMARY KEY) WITHOUT ROWID');
  const insert = db.prepare('INSERT INTO looked_up VALUES (?) ON CONFLICT DO NOTHING');
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(traceId) {
      const added = insert.run(Buffer.from(traceId, 'hex')).changes === 1;
      if (added) size++;
      return added;
    },
    missing(table, limit) {
      const ids = db.prepare(
        `SELECT DISTINCT trace_id AS id FROM ${table} WHERE NOT ${judgeable(table)} ORDER BY 1 LIMIT ?`,
      );
      // Judgeable, or a blob: nothing else is left.
      return ids.all(Math.max(limit, 0)).map(({ id }) => Buffer.from(id as Uint8Array).toString('hex'));
    },
    countMissing(table) {
      return Number(db.prepare(`SELECT count(*) AS n FROM ${table} WHERE NOT ${judgeable(table)}`).get()?.n);
    },
  };
}

/**
 * Runs `work` while exemplars and log lines that lead to traces which were not asked for are out of sight: views of the
 * connection stand before the tables.
 */
export function withoutMissing<Result>({ db }: Evidence, work: () => Result): Result {
  const tables = ['exemplars', 'logs'] as const;
  for (const table of tables)
    db.exec(`CREATE TEMP VIEW ${table} AS SELECT * FROM main.${table} WHERE ${judgeable(table)}`);
  try {
    return work();
  } finally {
    for (const table of tables) db.exec(`DROP VIEW temp.${table}`);
  }
}

/** A condition in SQL: its trace was asked for, or it says by itself that there is none. */
function judgeable(table: Table): string {
  const asked = "typeof(trace_id) <> 'blob' OR trace_id IN (SELECT trace_id FROM temp.looked_up)";
  return table === 'logs' ? `(ifnull(trace_flags, 1) & 1 = 0 OR ${asked})` : `(${asked})`;
}
