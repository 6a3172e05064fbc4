import type { KubeObject, Selector } from '../../test/helm/support/objects.ts';

export interface Selected {
  kind: 'Pod' | 'Service';
  labels: Record<string, string>;
}

/** What an object of a release selects in its namespace. */
export function selectedBy({ kind, spec = {} }: KubeObject): Selected | undefined {
  if (kind === 'Service') return { kind: 'Pod', labels: spec.selector as Record<string, string> }; // a map, as in no other kind
  const { matchLabels } = spec.podSelector ?? (spec.selector as Selector | undefined) ?? {};
  if (matchLabels === undefined) return undefined;
  return { kind: kind === 'ServiceMonitor' ? 'Service' : 'Pod', labels: matchLabels };
}
