import { type KubeObject, workloads } from '../../test/helm/support/objects.ts';

/** The pods that controllers would make of workloads, one of each template; those that are there are as they are. */
export function podsOf(objects: KubeObject[]): KubeObject[] {
  return workloads(objects).map(({ object, template: { metadata, spec } }) => {
    if (object.kind === 'Pod') return object;
    // Only a StatefulSet's keep a long name.
    const name = `${object.metadata.name.slice(0, object.kind === 'StatefulSet' ? undefined : 61)}-0`;
    // A ReplicaSet puts it on its pods; the spread of a Deployment's pods is reckoned by it.
    const hash = object.kind === 'Deployment' ? { 'pod-template-hash': '0' } : {};
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, name, labels: { ...metadata?.labels, ...hash } },
      spec: { ...spec, volumes: [...(spec.volumes ?? []), ...claimsOf(object, name)] },
    };
  });
}

/** The volumes that a StatefulSet gives a pod. */
function claimsOf({ spec }: KubeObject, pod: string): Record<string, unknown>[] {
  const { volumeClaimTemplates = [] } = spec as { volumeClaimTemplates?: KubeObject[] };
  return volumeClaimTemplates.map(({ metadata: { name } }) => ({
    name,
    persistentVolumeClaim: { claimName: `${name}-${pod}` },
  }));
}
