import { type KubeObject, named, workloads } from '../objects.ts';
import type { Invariant } from './invariant.ts';

/** How long `helm test` waits by itself. */
const TIMEOUT_SECONDS = 300;

export const hooks: Record<string, Invariant> = {
  'tests can be run again': (objects) =>
    testsOf(objects).flatMap((test) => [
      ...(annotation(test, 'delete-policy').split(',').includes('before-hook-creation')
        ? []
        : [`${named(test)} is in the way of the next run`]),
      ...(annotation(test, 'weight') === '' ? [`${named(test)} has no place among the others`] : []),
    ]),

  'tests end': (objects) =>
    testsOf(objects)
      .filter(({ kind }) => kind === 'Pod')
      .flatMap((pod) => {
        const { restartPolicy, activeDeadlineSeconds = Number.POSITIVE_INFINITY } = pod.spec ?? {};
        return [
          ...(restartPolicy === 'Never' ? [] : [`${named(pod)} is started again`]),
          ...(activeDeadlineSeconds < TIMEOUT_SECONDS ? [] : [`${named(pod)} takes longer than helm test waits`]),
        ];
      }),

  'tests send as their service does': (objects) =>
    testsOf(objects).flatMap((test) => {
      const component = test.metadata.labels?.['app.kubernetes.io/component'];
      const service = workloads(objects).find(
        ({ template }) => template.metadata?.labels?.['app.kubernetes.io/name'] === component,
      );
      const [own, its] = [test.spec?.containers, service?.template.spec.containers].map((containers) =>
        JSON.stringify(containers?.[0]?.env?.filter(({ name }) => name.startsWith('OTEL_EXPORTER_OTLP_'))),
      );
      return test.kind !== 'Pod' || service === undefined || own === its
        ? []
        : [`${named(test)}: ${own} and not ${its}`];
    }),

  'ConfigMaps are there before the pods': (objects) =>
    workloads(objects).flatMap(({ object, template }) => {
      const wanted = (template.spec.volumes ?? []).flatMap((volume) => Object(volume.configMap).name ?? []);
      const there = objects.filter(({ kind }) => kind === 'ConfigMap').filter((one) => isThereBefore(one, object));
      return wanted
        .filter((name) => !there.some(({ metadata }) => metadata.name === name))
        .map((name) => `${named(object)} mounts ${name}`);
    }),
};

function testsOf(objects: KubeObject[]): KubeObject[] {
  return objects.filter((object) => annotation(object, '') === 'test');
}

/** What belongs to the release is; of two hooks the one with the lower weight. */
function isThereBefore(object: KubeObject, other: KubeObject): boolean {
  if (annotation(object, '') === '') return true;
  return annotation(other, '') !== '' && Number(annotation(object, 'weight')) < Number(annotation(other, 'weight'));
}

function annotation({ metadata }: KubeObject, name: string): string {
  return metadata.annotations?.[name === '' ? 'helm.sh/hook' : `helm.sh/hook-${name}`] ?? '';
}
