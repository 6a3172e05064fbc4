import { hooks } from './invariants/hooks.ts';
import type { Invariant } from './invariants/invariant.ts';
import { names } from './invariants/names.ts';
import { pods } from './invariants/pods.ts';
import { policies } from './invariants/policies.ts';
import { ports } from './invariants/ports.ts';
import { references } from './invariants/references.ts';
import { selectors } from './invariants/selectors.ts';
import { variables } from './invariants/variables.ts';
import type { KubeObject } from './objects.ts';

/** What must hold for every release. */
export const invariants: Record<string, Invariant> = {
  ...variables,
  ...selectors,
  ...ports,
  ...references,
  ...policies,
  ...names,
  ...pods,
  ...hooks,
};

/** Every invariant that does not hold, with what breaks it. */
export function broken(objects: KubeObject[], namespace: string): string[] {
  return Object.entries(invariants).flatMap(([name, check]) =>
    check(objects, namespace).map((problem) => `${name}: ${problem}`),
  );
}
