import { rows } from '../sql.ts';
import { addSubject, type Check, noFindings } from './check.ts';
import {
  attributeOf,
  type SendingResource,
  SIGNALS,
  type Signal,
  sameProcess,
  sendingResources,
} from './same-process.ts';
import { chosen, sending } from './scope.ts';

const ATTRIBUTES = [
  'service.name',
  'service.namespace',
  'service.version',
  'service.instance.id',
  'deployment.environment.name',
];

/**
 * A click leads from signal to signal by these attributes. Subjects are resource, signal and attribute; what a signal
 * lacks is uncheckable, because a log stream or a scrape target need not know it.
 */
export const sameResource: Check = {
  name: 'same-resource',
  title: 'service.name, namespace, version, instance and environment are equal in traces, metrics and logs',
  signals: ['traces', 'metrics', 'logs'],
  minimum: 1,
  cause: 'a scrape target, a log stream or a collector names the service otherwise than its SDK does',
  fix: 'set OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES once, and give targets and log streams the same values',
  examine(db, { parameters }) {
    const findings = noFindings();
    const looked = `SELECT id FROM resources AS r WHERE ${chosen('r.id')} AND ${sending('r.id')}`;
    const ids = new Set(rows<{ id: number }>(db, looked, parameters).map(({ id }) => id));
    const resources = sendingResources(db);
    const partners = sameProcess(db, resources);
    for (const resource of resources) {
      if (!ids.has(resource.id)) continue;
      for (const signal of resource.signals) {
        const others = SIGNALS.filter((other) => other !== signal).map((other) => partners(resource, other));
        for (const attribute of ATTRIBUTES) {
          const value = attributeOf(resource, attribute);
          const { outcome, elsewhere } = compare(signal, attribute, value, others);
          addSubject(findings, outcome, () => ({ service: resource.service, signal, attribute, value, elsewhere }));
        }
      }
    }
    return findings;
  },
};

/** Each of the other signals that knows the attribute must know this value. */
function compare(signal: Signal, attribute: string, value: string | undefined, others: SendingResource[][]) {
  if (value === undefined) return { outcome: `${attribute} not in ${signal}` };
  const known = others
    .map((partners) => new Set(partners.flatMap((partner) => attributeOf(partner, attribute) ?? [])))
    .filter((values) => values.size > 0);
  const elsewhere = [...new Set(known.flatMap((values) => [...values]))];
  if (known.length === 0) return { outcome: `${attribute} only in ${signal}` };
  return { outcome: known.every((values) => values.has(value)) ? 'held' : 'failed', elsewhere };
}
