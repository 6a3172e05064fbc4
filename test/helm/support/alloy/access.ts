import { filesOf } from '../../../../alloy/roles.ts';
import { readAlloy } from '../../../../alloy/test/read.ts';
import { missing } from '../invariants/invariant.ts';

/** A rule of a ClusterRole. */
export interface AccessRule {
  apiGroups?: string[];
  resources?: string[];
  nonResourceURLs?: string[];
  verbs: string[];
}

const READ = ['get', 'list', 'watch'];

const core = (...resources: string[]): AccessRule => ({ apiGroups: [''], resources, verbs: READ });
const monitoring = (resource: string): AccessRule => ({
  apiGroups: ['monitoring.coreos.com'],
  resources: [resource],
  verbs: READ,
});

/**
 * What components ask the API of Kubernetes for, as they are used in alloy/, by their reference and their source. Secrets
 * that monitors of others name for a login are not among it.
 */
const NEEDS: Record<string, AccessRule[]> = {
  'discovery.kubernetes': [core('pods')],
  'loki.rules.kubernetes': [core('namespaces'), monitoring('prometheusrules')],
  'loki.source.kubernetes_events': [core('events')],
  'loki.source.podlogs': [
    core('namespaces', 'pods'),
    { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
    { apiGroups: ['monitoring.grafana.com'], resources: ['podlogs'], verbs: READ },
  ],
  'mimir.rules.kubernetes': [core('namespaces'), monitoring('prometheusrules')],
  // With deployment_name_from_replicaset; else replica sets or Deployments too, by version.
  'otelcol.processor.k8sattributes': [core('pods')],
  'prometheus.operator.podmonitors': [monitoring('podmonitors'), core('pods')],
  'prometheus.operator.servicemonitors': [
    monitoring('servicemonitors'),
    core('pods', 'services'),
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
    // What the kubelet and the API server ask the one for who scrapes them.
    { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
    { nonResourceURLs: ['/metrics'], verbs: ['get'] },
  ],
};

/** Components that go to the API of Kubernetes, known here or not. */
const ASKS = /kubernetes|k8s|kubelet|^prometheus\.operator\.|podlogs/;

/** What a role may not and would have to, and what it may without need. */
export function accessProblems(role: string, rules: AccessRule[]): string[] {
  const blocks = filesOf(role).flatMap(readAlloy);
  const components = [...new Set(blocks.map(({ type }) => type))].filter((type) => ASKS.test(type));
  const unknown = components.filter((type) => NEEDS[type] === undefined);
  const needed = permissions(components.flatMap((type) => NEEDS[type] ?? []));
  const granted = permissions(rules);
  return [
    ...unknown.map((type) => `${type}: what it asks for is not known here, add it`),
    ...missing(needed, granted).map((permission) => `may not ${permission}`),
    ...missing(granted, needed).map((permission) => `may ${permission}, which nothing asks for`),
  ];
}

/** As `list monitoring.coreos.com/podmonitors`, each once. */
function permissions(rules: AccessRule[]): string[] {
  const all = rules.flatMap(({ apiGroups = [], resources = [], nonResourceURLs = [], verbs }) => {
    const ofGroups = apiGroups.flatMap((group) =>
      resources.map((resource) => (group === '' ? resource : `${group}/${resource}`)),
    );
    return [...ofGroups, ...nonResourceURLs].flatMap((what) => verbs.map((verb) => `${verb} ${what}`));
  });
  return [...new Set(all)];
}
