import type { Attributes } from '@clew/evidence';

/** Resource attributes whose dots a store has made underscores, as labels or as structured metadata. */
const RESOURCE_ATTRIBUTES = [
  'service.name',
  'service.namespace',
  'service.version',
  'service.instance.id',
  'deployment.environment.name',
  'k8s.namespace.name',
  'k8s.pod.name',
  'k8s.pod.uid',
  'k8s.node.name',
  'k8s.container.name',
  'k8s.deployment.name',
  'k8s.cluster.name',
];

const dotted = new Map(RESOURCE_ATTRIBUTES.map((name) => [name.replaceAll('.', '_'), name]));

/** Labels of a series or a stream as resource attributes; those that no resource has are left out. */
export function resourceOfLabels(labels: Record<string, string>): Attributes {
  const attributes: Attributes = {};
  for (const [label, value] of Object.entries(labels)) {
    const name = dotted.get(label);
    if (name !== undefined && value !== '') attributes[name] = value;
  }
  // Prometheus keeps `service.namespace/service.name` as job when it promotes no resource attributes.
  if (attributes['service.name'] === undefined && labels.job !== undefined) {
    const slash = labels.job.lastIndexOf('/');
    attributes['service.name'] = labels.job.slice(slash + 1);
    if (slash > 0) attributes['service.namespace'] ??= labels.job.slice(0, slash);
  }
  return attributes;
}

export function isResourceLabel(label: string): boolean {
  return dotted.has(label);
}
