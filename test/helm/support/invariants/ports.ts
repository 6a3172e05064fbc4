import { named, selects } from '../objects.ts';
import { containersOf, eachContainer, type Invariant, missing, podSelectorOf, portsOf } from './invariant.ts';

export const ports: Record<string, Invariant> = {
  'ports exist': (objects) => [
    ...objects
      .filter(({ kind }) => kind === 'Service')
      .flatMap((service) => {
        const pods = containersOf(objects, podSelectorOf(service));
        const wanted = (service.spec?.ports ?? []).map(({ targetPort }) => targetPort);
        return missing(wanted, pods.flatMap(portsOf)).map((port) => `${named(service)}: no container has ${port}`);
      }),
    ...eachContainer(objects, (container) => {
      const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
      const wanted = probes.flatMap((probe) => probe?.httpGet?.port ?? []);
      return missing(wanted, portsOf(container)).map((port) => `a probe asks port ${port}`);
    }),
  ],

  'monitors ask ports that exist': (objects) =>
    objects.flatMap((object) => {
      const { endpoints = [], podMetricsEndpoints = [], selector = {} } = object.spec ?? {};
      const ofServices = objects
        .filter(({ kind, metadata }) => kind === 'Service' && selects(selector, metadata.labels))
        .flatMap(({ spec }) => (spec?.ports ?? []).map(({ name }) => name));
      const ofPods = containersOf(objects, selector).flatMap(portsOf);
      return [
        ...missing(
          endpoints.map(({ port }) => port),
          ofServices,
        ),
        ...missing(
          podMetricsEndpoints.map(({ port }) => port),
          ofPods,
        ),
      ].map((port) => `${named(object)}: ${port}`);
    }),

  'routes lead to ports of Services': (objects) =>
    objects.flatMap((object) => {
      const there = objects
        .filter(({ kind }) => kind === 'Service')
        .flatMap(({ metadata, spec }) =>
          (spec?.ports ?? []).flatMap(({ name, port }) => [`${metadata.name}:${name}`, `${metadata.name}:${port}`]),
        );
      const { rules = [] } = object.spec ?? {};
      const wanted = rules.flatMap(({ http, backendRefs = [] }) => [
        ...(http?.paths ?? []).map(({ backend: { service } }) => `${service.name}:${service.port.name}`),
        ...backendRefs.map(({ name, port }) => `${name}:${port}`),
      ]);
      return missing(wanted, there).map((target) => `${named(object)}: ${target}`);
    }),
};
