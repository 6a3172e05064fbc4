import { chosen, sampled, sending } from '../scope.ts';

/** A stored record, with the columns in which a sender can put text. */
export interface TextRecord {
  service: string;
  timeUs: number | null;
  traceId: Uint8Array | string | null;
  spanId: Uint8Array | string | null;
  /** Span name, log body, ...: as it is. */
  text: string | null;
  /** JSON object: attributes, labels. */
  attributes: string | null;
  /** JSON array of span events; exceptions are among them. */
  events: string | null;
}

interface Source {
  /** `x` is the record, `r` its resource. */
  from: string;
  /** Column of its time; absent where it has none, and `within` tells whether it is in the window. */
  time?: string;
  within?: string;
  ids?: boolean;
  text: string;
  attributes: string;
  events: string;
}

const resource = 'JOIN resources AS r ON r.id =';

/** Everything in which a sender can put text, by what it is. */
export const SOURCES: Readonly<Record<string, Source>> = {
  span: {
    from: `spans AS x ${resource} x.resource_id`,
    time: 'x.start_us',
    ids: true,
    text: 'concat_ws(char(10), x.name, x.status_message)',
    attributes: 'x.attributes',
    events: 'x.events',
  },
  log: {
    from: `logs AS x ${resource} x.resource_id`,
    time: 'x.time_us',
    ids: true,
    text: 'x.body',
    attributes: 'x.attributes',
    events: 'NULL',
  },
  exemplar: {
    from: `exemplars AS x JOIN series ON series.id = x.series_id ${resource} series.resource_id`,
    time: 'x.time_us',
    ids: true,
    text: 'NULL',
    attributes: 'x.attributes',
    events: 'NULL',
  },
  series: {
    from: `series AS x ${resource} x.resource_id`,
    within: sampled('x.id'),
    text: 'x.metric',
    attributes: 'x.labels',
    events: 'NULL',
  },
  resource: {
    from: `resources AS x ${resource} x.id`,
    within: sending('x.id'),
    text: 'NULL',
    attributes: 'x.attributes',
    events: 'NULL',
  },
};

/** All records with their text in one column: an id or a column more costs more than the search for secrets. */
export function allTexts({ from, time, within, text, attributes, events }: Source): string {
  const window = within ?? `${time} BETWEEN :since AND :until`;
  return `SELECT x.id, concat_ws(char(10), ${text}, ${attributes}, ${events}) AS text FROM ${from}
    WHERE ${window} AND ${chosen('r.id')}`;
}

/** One record, as `TextRecord`. */
export function oneRecord({ from, time = 'NULL', ids = false, text, attributes, events }: Source): string {
  return `SELECT r.service, ${time} AS timeUs, ${ids ? 'x.trace_id' : 'NULL'} AS traceId,
      ${ids ? 'x.span_id' : 'NULL'} AS spanId, ${text} AS text, ${attributes} AS attributes, ${events} AS events
    FROM ${from} WHERE x.id = ?`;
}

/** The texts of a record by where they stand, with JSON escapes undone. */
export function textsOf({ text, attributes, events }: TextRecord): [where: string, text: string][] {
  const parsed: { name: string; attributes: object }[] = JSON.parse(events ?? '[]');
  return [
    ...(text === null ? [] : [['text', text] as [string, string]]),
    ...fieldsOf('attributes', JSON.parse(attributes ?? '{}')),
    ...parsed.flatMap((event) => fieldsOf(`event ${event.name}`, event.attributes)),
  ];
}

function fieldsOf(place: string, attributes: object): [string, string][] {
  return Object.entries(attributes).map(([key, value]: [string, unknown]) => {
    const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
    return [`${place}: ${key}`, `"${key}":${text}`];
  });
}
