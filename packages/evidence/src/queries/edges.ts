import type { Evidence } from '../open.ts';
import { rows } from '../sql.ts';

/** Requests from one service to another. */
export interface Edge {
  /** Null when the request came from outside: no span of its caller is there. */
  caller: string | null;
  /** Null when the call reached no service that sends spans. */
  callee: string | null;
  /** Of a call that reached none: `server.address:server.port`, as far as the span says. */
  target: string | null;
  requests: number;
  /** Spans whose status is an error: of who was called, or of the caller when the call reached none. */
  errors: number;
}

/** The SERVER or CONSUMER span of a call may arrive so much later than the CLIENT or PRODUCER span above it. */
const SETTLED_US = 15_000_000;

/**
 * Who calls whom, by the spans that came last.
 *
 * @param options.spans looks at so many spans, 20,000 by default; that keeps it quick in a large store.
 */
export function listEdges({ db }: Pick<Evidence, 'db'>, { spans = 20_000 }: { spans?: number } = {}): Edge[] {
  return rows<Edge>(
    db,
    `WITH recent AS (SELECT * FROM spans WHERE id > (SELECT max(id) FROM spans) - :spans)
     SELECT caller.service AS caller, callee.service AS callee, NULL AS target, count(*) AS requests,
       count(*) FILTER (WHERE entry.status = 2) AS errors
     FROM recent AS entry JOIN resources AS callee ON callee.id = entry.resource_id
     LEFT JOIN spans AS parent ON parent.trace_id = entry.trace_id AND parent.span_id = entry.parent_span_id
     LEFT JOIN resources AS caller ON caller.id = parent.resource_id
     WHERE entry.kind IN (2, 5) GROUP BY 1, 2
     UNION ALL
     SELECT caller.service, NULL, target, count(*), count(*) FILTER (WHERE call.status = 2)
     FROM recent AS call JOIN resources AS caller ON caller.id = call.resource_id
     WHERE call.kind IN (3, 4) AND call.start_us < (SELECT max(start_us) FROM recent) - ${SETTLED_US}
       AND NOT EXISTS (SELECT 1 FROM spans AS entry WHERE entry.trace_id = call.trace_id
         AND entry.parent_span_id = call.span_id AND entry.kind IN (2, 5))
     GROUP BY 1, 3
     ORDER BY 1, 2, 3`,
    { spans },
  );
}
