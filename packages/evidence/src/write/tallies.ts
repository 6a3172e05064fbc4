import type { DatabaseSync } from 'node:sqlite';
import type { TallyRecord } from '../records.ts';
import { statusCode } from '../requests.ts';
import { safeInteger, safeSum } from '../safe-integer.ts';

export type TallyWriter = (records: TallyRecord[]) => void;

export function tallyWriter(db: DatabaseSync): TallyWriter {
  const upsert = db.prepare(
    `INSERT INTO tallies (generator, service, method, route, status, count) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = ${safeSum('count + excluded.count')}`,
  );
  return (records) => {
    for (const { generator, service, method, route, status, count } of records) {
      upsert.run(generator, service, method, route ?? '', statusCode(status), safeInteger(count));
    }
  };
}
