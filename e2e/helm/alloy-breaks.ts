import assert from 'node:assert/strict';
import type { KubeObject } from '../../test/helm/support/objects.ts';

/** Breaks one thing of a rendered release. */
export type Break = (find: (kind: string) => KubeObject, objects: KubeObject[]) => void;

/** Each invariant of an Alloy, with ways in which a role breaks it. */
export const breaks: Record<string, Record<string, [role: string, breakIt: Break]>> = {
  'the configuration of the role': {
    'another one': ['logs', (find) => Object.assign(find('ConfigMap'), { data: { 'config.alloy': 'logging { }' } })],
    'another file': [
      'logs',
      (find) => Object.assign(containerOf(find('DaemonSet')), { args: ['/etc/alloy/x', STORAGE] }),
    ],
  },
  'what is written survives the pod': {
    'no claim': ['metrics', (find) => Object.assign(specOf(find('StatefulSet')), { volumeClaimTemplates: [] })],
    'the default path': ['events', (find) => setArg(find('StatefulSet'), '--storage.path=', '/tmp/alloy')],
    'an emptyDir': [
      'logs',
      (find) => Object.assign(podOf(find('DaemonSet')), { volumes: [{ name: 'storage', emptyDir: {} }] }),
    ],
  },
  'sees the files that it reads': {
    'no folder of the node': ['logs', (find) => Object.assign(podOf(find('DaemonSet')), { volumes: [] })],
  },
  'OTLP comes in where the role listens': {
    'a closed container': ['traces', (find) => containerOf(find('StatefulSet')).ports?.pop()],
    'a Service that leads elsewhere': [
      'kubernetes',
      (find) => Object.assign(find('Service').spec?.ports?.[1] ?? {}, { targetPort: 4318 }),
    ],
    'a port that nobody listens on': [
      'alerts',
      (find) => containerOf(find('StatefulSet')).ports?.push({ name: 'otlp', containerPort: 4317 }),
    ],
  },
  'replicas only where they do not do the same twice': {
    'two samplers': ['traces', (find) => Object.assign(specOf(find('StatefulSet')), { replicas: 2 })],
    'two that write rules': ['alerts', (find) => Object.assign(specOf(find('StatefulSet')), { replicas: 2 })],
    'two for a moment': ['events', (find) => Object.assign(find('StatefulSet'), { kind: 'Deployment' })],
    'scrapes without a cluster': ['metrics', (find) => setArg(find('StatefulSet'), '--cluster.enabled=', 'false')],
    'a clustered DaemonSet': ['logs', (find) => containerOf(find('DaemonSet')).args?.push('--cluster.enabled=true')],
  },
  'a budget where there are replicas': {
    none: ['traces-front', (find) => Object.assign(find('PodDisruptionBudget'), { kind: 'Other' })],
  },
  'a limit of memory': {
    none: ['traces-front', (find) => Object.assign(containerOf(find('StatefulSet')), { resources: {} })],
  },
  'may what its components ask for, and no more': {
    'nothing allowed': ['logs', (find) => Object.assign(find('ClusterRole'), { rules: [] })],
    'everything allowed': [
      'logs',
      (find) => Object.assign(find('ClusterRole'), { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }),
    ],
  },
  'its metrics are not scraped twice': {
    'a ServiceMonitor': [
      'metrics',
      (_, objects) =>
        objects.push({ apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', metadata: { name: 'alloy' } }),
    ],
  },
};

const STORAGE = '--storage.path=/var/lib/alloy/data';

function specOf({ spec }: KubeObject): NonNullable<KubeObject['spec']> {
  return spec ?? assert.fail('no spec');
}

function podOf(object: KubeObject) {
  return specOf(object).template?.spec ?? assert.fail('no pod');
}

function containerOf(object: KubeObject) {
  const [container] = podOf(object).containers;
  return (container ?? assert.fail('no container')) as typeof container & { args?: string[] };
}

function setArg(object: KubeObject, name: string, value: string): void {
  const { args = [] } = containerOf(object);
  args[args.findIndex((arg) => arg.startsWith(name))] = `${name}${value}`;
}
