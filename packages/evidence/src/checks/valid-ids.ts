import { iterate, row, withHexIds } from '../sql.ts';
import { addSubject, type Check, noFindings } from './check.ts';
import { idDefect } from './id-defect.ts';
import { chosen } from './scope.ts';

interface Suspect {
  service: string;
  timeUs: number;
  traceId: string | null;
  spanId: string | null;
  parentSpanId: string | null;
  links: string | null;
  attributes: string | null;
}

const NAMED_AS_ID = /^(trace|span)[._-]?id$/i;

/** JSON text with a key like `trace_id`, `traceId` or `span.id`; in LIKE, _ is any character. */
const namesIds = (json: string) =>
  `(${['trace_id', 'traceid', 'span_id', 'spanid'].map((key) => `${json} LIKE '%${key}":%'`).join(' OR ')})`;

/** Records that have ids, by signal; a malformed id is stored as text, a good one as bytes. */
const SIGNALS = {
  traces: {
    from: 'spans AS x JOIN resources AS r ON r.id = x.resource_id',
    time: 'x.start_us',
    columns: 'x.parent_span_id AS parentSpanId, x.links, x.attributes',
    any: 'true',
    suspect: `typeof(x.trace_id) = 'text' OR typeof(x.span_id) = 'text' OR typeof(x.parent_span_id) = 'text'
      OR x.links IS NOT NULL OR ${namesIds('x.attributes')}`,
  },
  logs: {
    from: 'logs AS x JOIN resources AS r ON r.id = x.resource_id',
    time: 'x.time_us',
    columns: 'NULL AS parentSpanId, NULL AS links, x.attributes',
    any: `x.trace_id IS NOT NULL OR x.span_id IS NOT NULL OR ${namesIds('x.attributes')}`,
    suspect: `typeof(x.trace_id) = 'text' OR typeof(x.span_id) = 'text' OR ${namesIds('x.attributes')}`,
  },
  exemplars: {
    from: 'exemplars AS x JOIN series ON series.id = series_id JOIN resources AS r ON r.id = series.resource_id',
    time: 'x.time_us',
    columns: 'NULL AS parentSpanId, NULL AS links, series.labels AS attributes',
    any: 'true',
    suspect: `typeof(x.trace_id) = 'text' OR typeof(x.span_id) = 'text' OR ${namesIds('series.labels')}`,
  },
};

/** An id that is not as W3C Trace Context says leads nowhere, in any store. */
export const validIds: Check = {
  name: 'valid-ids',
  title: 'every trace and span id is lower-case hex of the right length and not all zeros',
  signals: ['traces', 'metrics', 'logs'],
  minimum: 1,
  cause: 'an object or undefined is put into a string, bytes are written as base64, or an id comes from another system',
  fix: 'take ids from `span.spanContext()` as they are; leave the field out where there is no span',
  examine(db, { parameters }) {
    const findings = noFindings();
    for (const [signal, { from, time, columns, any, suspect }] of Object.entries(SIGNALS)) {
      const within = `${time} BETWEEN :since AND :until AND ${chosen('r.id')}`;
      const all = row<{ count: number }>(
        db,
        `SELECT count(*) AS count FROM ${from} WHERE ${within} AND (${any})`,
        parameters,
      );
      const sql = `SELECT service, ${time} AS timeUs, x.trace_id AS traceId, x.span_id AS spanId, ${columns}
        FROM ${from} WHERE ${within} AND (${suspect})`;
      let suspects = 0;
      for (const stored of iterate<object>(db, sql, parameters)) {
        const found = withHexIds(stored) as unknown as Suspect; // the columns above
        const { service, timeUs, traceId, spanId } = found;
        const flaw = firstFlaw(found);
        addSubject(findings, flaw ? 'failed' : 'held', () => ({ signal, service, timeUs, traceId, spanId, ...flaw }));
        suspects += 1;
      }
      findings.held += all.count - suspects;
    }
    return findings;
  },
};

/** The first id that is malformed, and what is wrong with it. */
function firstFlaw({ traceId, spanId, parentSpanId, links, attributes }: Suspect) {
  const linked: { traceId: unknown; spanId: unknown }[] = JSON.parse(links ?? '[]');
  const named = Object.entries<unknown>(JSON.parse(attributes ?? '{}')).filter(([name]) => NAMED_AS_ID.test(name));
  const ids: [name: string, value: unknown][] = [
    ...Object.entries({ traceId, spanId, parentSpanId }).filter(([, value]) => value !== null),
    ...linked.map((link): [string, unknown] => ['link traceId', link.traceId]),
    ...linked.map((link): [string, unknown] => ['link spanId', link.spanId]),
    ...named.map(([name, value]): [string, unknown] => [`attribute ${name}`, value]),
  ];
  for (const [id, value] of ids) {
    const defect = idDefect(/trace[._-]?id$/i.test(id) ? 'trace' : 'span', value);
    if (defect !== undefined) return { id, value, defect };
  }
  return undefined;
}
