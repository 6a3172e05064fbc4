import { type Container, type KubeObject, named, type Selector, selects, workloads } from '../objects.ts';

/** What must hold for the objects of a release in a namespace: a sentence for each that breaks it. */
export type Invariant = (objects: KubeObject[], namespace: string) => string[];

export function eachContainer(objects: KubeObject[], check: (container: Container) => string[]): string[] {
  return workloads(objects).flatMap(({ object, template }) =>
    template.spec.containers.flatMap((container) => check(container).map((problem) => `${named(object)}: ${problem}`)),
  );
}

export function containersOf(objects: KubeObject[], selector: Selector): Container[] {
  const selected = workloads(objects).filter(({ template }) => selects(selector, template.metadata?.labels));
  return selected.flatMap(({ template }) => template.spec.containers);
}

/** Of a Service, by which its pods are selected. */
export function podSelectorOf({ spec }: KubeObject): Selector {
  return { matchLabels: Object(spec?.selector) };
}

export function portsOf({ ports = [] }: Container): (string | number)[] {
  return ports.flatMap(({ name, containerPort }) => [name, containerPort]);
}

export function missing<Value>(wanted: Value[], there: Value[]): Value[] {
  return wanted.filter((one) => !there.includes(one));
}

export function repeated(names: string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
