import { type KubeObject, named, type Selector, selects, workloads } from '../objects.ts';
import { type Invariant, podSelectorOf } from './invariant.ts';

export const selectors: Record<string, Invariant> = {
  'selectors select': (objects) =>
    objects.flatMap((object) => {
      const wanted = selectorsOf(object);
      const among = object.kind === 'ServiceMonitor' ? servicesOf(objects) : podsOf(objects);
      const owners = (selector: Selector) =>
        among.filter(({ labels }) => selects(selector, labels)).map(({ owner }) => owner);
      const missed = wanted.filter((selector) => new Set(owners(selector)).size !== 1);
      return missed.map((selector) => `${named(object)} does not select exactly one: ${JSON.stringify(selector)}`);
    }),

  'a Deployment selects its own pods': (objects) =>
    workloads(objects).flatMap(({ object, template }) => {
      const selector: Selector = object.spec?.selector ?? {};
      return object.kind !== 'Deployment' || selects(selector, template.metadata?.labels) ? [] : [named(object)];
    }),
};

function selectorsOf(object: KubeObject): Selector[] {
  const { kind, spec = {} } = object;
  const spread = workloads([object]).flatMap(({ template }) => template.spec.topologySpreadConstraints ?? []);
  const own: Record<string, Selector | undefined> = {
    Service: podSelectorOf(object),
    NetworkPolicy: spec.podSelector,
    PodDisruptionBudget: spec.selector,
    ServiceMonitor: spec.selector,
    PodMonitor: spec.selector,
    PodLogs: spec.selector,
  };
  return [own[kind], ...spread.map(({ labelSelector }) => labelSelector)].filter((one) => one !== undefined);
}

interface Owned {
  /** The object that has them. */
  owner: string;
  labels: Record<string, string>;
}

function podsOf(objects: KubeObject[]): Owned[] {
  return workloads(objects).map(({ object, template }) => ({
    owner: named(object),
    labels: template.metadata?.labels ?? {},
  }));
}

function servicesOf(objects: KubeObject[]): Owned[] {
  const services = objects.filter(({ kind }) => kind === 'Service');
  return services.map((service) => ({ owner: named(service), labels: service.metadata.labels ?? {} }));
}
