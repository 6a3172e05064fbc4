import type { DatabaseSync } from 'node:sqlite';
import type { Attributes } from '../records.ts';
import { rows } from '../sql.ts';

export const SIGNALS = ['traces', 'metrics', 'logs'] as const;
export type Signal = (typeof SIGNALS)[number];

export interface SendingResource {
  id: number;
  service: string;
  attributes: Attributes;
  /** What it has sent. */
  signals: Signal[];
}

/** Every resource that has sent anything. */
export function sendingResources(db: DatabaseSync): SendingResource[] {
  type Row = Record<Signal | 'id', number> & { service: string; attributes: string };
  const found = rows<Row>(
    db,
    'SELECT id, service, attributes, spans AS traces, points + exemplars AS metrics, logs FROM resources',
  );
  return found.map(({ id, service, attributes, ...sent }) => ({
    id,
    service,
    attributes: JSON.parse(attributes),
    signals: SIGNALS.filter((signal) => sent[signal] > 0),
  }));
}

/** A resource attribute as text; the labels of a target or a log stream have underscores. */
export function attributeOf({ attributes }: SendingResource, name: string): string | undefined {
  const value = attributes[name] ?? attributes[name.replaceAll('.', '_')];
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Tells which resources describe the process of `resource` in another signal: itself and those whose log lines and
 * exemplars carry ids of its spans (or the other way round), else those with its service.instance.id, else all of its
 * service. Another instance is never the same process: one that has just started may have sent nothing else yet.
 */
export function sameProcess(db: DatabaseSync, resources: SendingResource[]) {
  const linked = linkedResources(db);
  const instanceOf = (resource: SendingResource) => attributeOf(resource, 'service.instance.id');
  const byInstance = Map.groupBy(resources, instanceOf);
  const byName = Map.groupBy(resources, ({ service }) => service);
  const byId = new Map(resources.map((resource) => [resource.id, resource]));

  return (resource: SendingResource, signal: Signal): SendingResource[] => {
    const ids = [resource.id, ...(linked.get(resource.id) ?? [])];
    const instance = instanceOf(resource);
    const candidates = [
      ids.flatMap((id) => byId.get(id) ?? []),
      instance === undefined ? [] : (byInstance.get(instance) ?? []),
      (byName.get(resource.service) ?? []).filter((other) => mayBe(instance, instanceOf(other))),
    ].map((some) => some.filter(({ signals }) => signals.includes(signal)));
    return candidates.find((some) => some.length > 0) ?? [];
  };
}

/** Whether two resources can be of one process. One that does not know its instance may be any. */
function mayBe(instance: string | undefined, other: string | undefined): boolean {
  return instance === undefined || other === undefined || instance === other;
}

/** Pairs of resources of which one has spans whose ids are on records of the other. */
function linkedResources(db: DatabaseSync): Map<number, Set<number>> {
  const pairs = rows<{ one: number; other: number }>(
    db,
    `SELECT DISTINCT l.resource_id AS one, s.resource_id AS other
     FROM logs AS l CROSS JOIN spans AS s USING (trace_id, span_id) WHERE l.resource_id <> s.resource_id
     UNION SELECT series.resource_id, s.resource_id
     FROM exemplars JOIN series ON series.id = series_id JOIN spans AS s USING (trace_id, span_id)
     WHERE series.resource_id <> s.resource_id`,
  );
  const linked = new Map<number, Set<number>>();
  for (const { one, other } of pairs) {
    linked.set(one, (linked.get(one) ?? new Set()).add(other));
    linked.set(other, (linked.get(other) ?? new Set()).add(one));
  }
  return linked;
}
