import { named, workloads } from '../objects.ts';
import { type Invariant, repeated } from './invariant.ts';

/** Of objects that other objects are named after. */
const LONGEST: Record<string, number> = { CronJob: 52, TestRun: 51 };

export const names: Record<string, Invariant> = {
  'one object of a name': (objects) => repeated(objects.map(named)),

  'names and labels that Kubernetes takes': (objects) =>
    objects.flatMap((object) => {
      const labels = Object.entries(object.metadata.labels ?? {});
      const template = workloads([object])[0]?.template.metadata?.labels ?? {};
      const { name } = object.metadata;
      return [
        ...(name.length <= (LONGEST[object.kind] ?? 63) && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)
          ? []
          : [`${named(object)}: its name`]),
        ...[...labels, ...Object.entries(template)]
          .filter(([, value]) => typeof value !== 'string' || !/^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/.test(value))
          .map(([label, value]) => `${named(object)}: ${label}=${value}`),
      ];
    }),

  'everything in the namespace of the release': (objects, namespace) =>
    objects.filter(({ metadata }) => metadata.namespace !== namespace).map(named),

  'one name for service, container and label': (objects) =>
    workloads(objects).flatMap(({ object, template }) => {
      const [container] = template.spec.containers;
      const service = container?.env?.find(({ name }) => name === 'OTEL_SERVICE_NAME')?.value;
      const names = [
        service ?? container?.name,
        container?.name,
        template.metadata?.labels?.['app.kubernetes.io/name'],
      ];
      return new Set(names).size === 1 ? [] : [`${named(object)}: ${names.join(', ')}`];
    }),
};
