import { chosen, type ScopeOptions, scopeOf, sending } from './checks/scope.ts';
import type { Evidence } from './open.ts';
import { rows } from './sql.ts';

/** Whether there is nothing at all that the checks would look at: no span, log line, point or exemplar. */
export function isEmpty({ db }: Pick<Evidence, 'db'>, options: ScopeOptions = {}): boolean {
  const sent = `SELECT 1 FROM resources AS r
    WHERE spans + logs + points + exemplars > 0 AND ${chosen('r.id')} AND ${sending('r.id')} LIMIT 1`;
  return rows(db, sent, scopeOf(db, options).parameters).length === 0;
}
