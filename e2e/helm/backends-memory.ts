import type { Values } from '../../test/helm/support/alloy/values.ts';
import { isObject } from '../../test/helm/support/documented-values.ts';
import { type KubeObject, named, workloads } from '../../test/helm/support/objects.ts';

const UNITS: Record<string, number> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** The memory limit of each container, on one node: of all replicas together; NaN where it has none. */
export function limitsOf(objects: KubeObject[]): { container: string; bytes: number }[] {
  return workloads(objects).flatMap(({ object, template }) => {
    const { replicas = 1 } = (object.spec ?? {}) as { replicas?: number };
    return (template.spec.containers as { name: string; resources?: unknown }[]).map(({ name, resources }) => ({
      container: `${named(object)} ${name}`,
      bytes: replicas * bytesOf(resources),
    }));
  });
}

/** Those that values give to the containers of a chart. */
export function limitsIn(values: Values): number[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (!isObject(value)) return [];
    return key === 'resources' ? [bytesOf(value)] : limitsIn(value);
  });
}

function bytesOf(resources: unknown): number {
  const limits = isObject(resources) && isObject(resources.limits) ? resources.limits : {};
  const [, count, unit = ''] = /^(\d+)([KMG]i)$/.exec(String(limits.memory)) ?? [];
  return Number(count) * (UNITS[unit] ?? 1);
}
