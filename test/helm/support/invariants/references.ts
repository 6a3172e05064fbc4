import { named, workloads } from '../objects.ts';
import { eachContainer, type Invariant, missing } from './invariant.ts';

export const references: Record<string, Invariant> = {
  'URLs of the release lead to its Services': (objects) =>
    eachContainer(objects, ({ env = [] }) => {
      const there = objects
        .filter(({ kind }) => kind === 'Service')
        .flatMap(({ metadata, spec }) => (spec?.ports ?? []).map(({ port }) => `${metadata.name}:${port}`));
      const urls = env
        .filter(({ name }) => ['PEER_URL', 'TARGETS', 'SERVICE_URL', 'SERVICE_METRICS_URL'].includes(name))
        .flatMap(({ value = '' }) => [...value.matchAll(/https?:\/\/([^/,]+)/g)].map(([, host]) => String(host)));
      // A name with a dot is outside of the namespace.
      return missing(
        urls.filter((host) => !host.includes('.')),
        there,
      );
    }),

  'what is referred to exists': (objects) => [
    ...workloads(objects).flatMap(({ object, template: { spec } }) => {
      const accounts = objects.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name);
      const name = spec.serviceAccountName ?? 'default';
      return name === 'default' || accounts.includes(name) ? [] : [`${named(object)}: service account ${name}`];
    }),
    ...objects.flatMap((object) => {
      const target = object.spec?.scaleTargetRef?.name;
      const there = objects.some(({ kind, metadata }) => kind === 'Deployment' && metadata.name === target);
      return target === undefined || there ? [] : [`${named(object)} scales ${target}`];
    }),
  ],
};
