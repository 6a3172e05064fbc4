import { named, workloads } from '../objects.ts';
import { podSecurityProblems } from '../pod-security.ts';
import { eachContainer, type Invariant } from './invariant.ts';

export const pods: Record<string, Invariant> = {
  'images are pinned': (objects) =>
    eachContainer(objects, ({ image }) =>
      /(@sha256:[0-9a-f]{64}|:(?!latest$)[\w][\w.-]*)$/.test(image) ? [] : [`image ${image}`],
    ),

  'restricted Pod Security': (objects) =>
    workloads(objects).flatMap(({ object, template }) =>
      podSecurityProblems(template.spec).map((problem) => `${named(object)}: ${problem}`),
    ),

  'time enough to stop': (objects) =>
    workloads(objects).flatMap(({ object, template: { spec } }) => {
      const [container] = spec.containers;
      const of = (name: string) => Number(container?.env?.find((one) => one.name === name)?.value ?? 0) / 1000;
      if (!container?.env?.some(({ name }) => name === 'DRAIN_DELAY')) return [];
      const longest = of('DRAIN_DELAY') + 12 + 11 + of('METRICS_LINGER');
      const granted = spec.terminationGracePeriodSeconds ?? 30;
      const slept = container.lifecycle === undefined ? [] : [`${named(object)}: a hook beside DRAIN_DELAY`];
      return granted > longest ? slept : [...slept, `${named(object)}: ${granted} s for a stop of ${longest} s`];
    }),
};
