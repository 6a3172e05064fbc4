import { type KubeObject, named, type PodTemplate, selects, workloads } from '../objects.ts';
import type { Invariant } from './invariant.ts';

export const policies: Record<string, Invariant> = {
  'policies let out what asks a URL': (objects) =>
    workloads(objects).flatMap(({ object, template }) => {
      const out = rulesFor(template, objects);
      const closed = portsAsked(template).filter(
        (port) => !out.some(({ ports }) => ports === undefined || ports.some((one) => one.port === port)),
      );
      // Without a policy nothing is closed.
      return out.length === 0 ? [] : closed.map((port) => `${named(object)} asks port ${port}`);
    }),
};

function rulesFor({ metadata }: PodTemplate, objects: KubeObject[]) {
  return objects
    .filter(({ kind, spec }) => kind === 'NetworkPolicy' && spec?.policyTypes?.includes('Egress'))
    .filter(({ spec }) => selects(spec?.podSelector ?? {}, metadata?.labels))
    .flatMap(({ spec }) => spec?.egress ?? []);
}

/** Endpoints of OTLP are not among them: networkPolicy.otlpPort says what port their pods have. */
function portsAsked({ spec }: PodTemplate): number[] {
  return spec.containers
    .flatMap(({ env = [] }) => env)
    .filter(({ name }) => ['PEER_URL', 'TARGETS', 'METRICS_URL', 'SERVICE_URL', 'SERVICE_METRICS_URL'].includes(name))
    .flatMap(({ value = '' }) => value.match(/https?:\/\/[^,]+/g) ?? [])
    .map((text) => new URL(text))
    .map(({ port, protocol }) => Number(port || (protocol === 'https:' ? 443 : 80)));
}
