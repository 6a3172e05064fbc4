import type { KubeObject, NetworkPeer, NetworkRule } from './objects.ts';

/**
 * What the NetworkPolicies of a release allow, as `out full-otel -> prom-otel:8080` and `in load -> full-otel:http`.
 * Pods of other releases have the release with their name, so that none is taken for one of this.
 */
export function arrows(objects: KubeObject[], release: string): string[] {
  return objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .flatMap(({ spec = {} }) => {
      const self = nameOf({ podSelector: spec.podSelector ?? {} }, release);
      const out = eachOf(spec.egress, 'to').map(([peer, port]) => `out ${self} -> ${nameOf(peer, release)}:${port}`);
      const into = eachOf(spec.ingress, 'from').map(([peer, port]) => `in ${nameOf(peer, release)} -> ${self}:${port}`);
      const closed = ['Ingress', 'Egress'].filter((type) => !spec.policyTypes?.includes(type));
      return [...out, ...into, ...closed.map((type) => `${type} of ${self} is open`)];
    })
    .sort();
}

function eachOf(rules: NetworkRule[] = [], side: 'from' | 'to'): [peer: NetworkPeer | undefined, port: string][] {
  return rules.flatMap((rule) => {
    const peers: (NetworkPeer | undefined)[] = rule[side]?.length ? rule[side] : [undefined];
    const ports = rule.ports?.map(({ port, protocol }) => (protocol === 'UDP' ? `${port}/udp` : `${port}`)) ?? ['any'];
    return peers.flatMap((peer) => ports.map((port): [NetworkPeer | undefined, string] => [peer, port]));
  });
}

function nameOf(peer: NetworkPeer | undefined, release: string): string {
  if (peer === undefined) return 'anywhere';
  if (peer.ipBlock !== undefined) return peer.ipBlock.cidr;
  const namespace = peer.namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'];
  const { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': instance } =
    peer.podSelector?.matchLabels ?? {};
  // Of the tests there is one for each service.
  const component = peer.podSelector?.matchLabels?.['app.kubernetes.io/component'];
  const own = component === undefined ? name : `${name} of ${component}`;
  const pods = name === undefined ? undefined : instance === release ? own : `${instance}/${own}`;
  return [namespace && `namespace ${namespace}`, pods].filter(Boolean).join(' ') || 'all pods';
}
