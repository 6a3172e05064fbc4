import assert from 'node:assert/strict';
import { type Case, cases } from '../../test/helm/support/cases.ts';
import type { KubeObject } from '../../test/helm/support/objects.ts';
import { objectsIn, render } from './render.ts';
import { NEWEST } from './schema-sources.ts';

export function caseOf(chart: string, name: string): Case {
  const found = cases.find((one) => one.chart === chart && one.name === name);
  assert.ok(found, `${chart}, ${name}: no such case`);
  return found;
}

/** The objects of a case. */
export function objectsOf(one: Case): Promise<KubeObject[]> {
  return objectsIn(render(one, NEWEST));
}
