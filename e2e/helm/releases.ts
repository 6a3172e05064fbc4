import assert from 'node:assert/strict';
import { type Case, cases } from '../../test/helm/support/cases.ts';
import { type KubeObject, readObjects } from '../../test/helm/support/objects.ts';
import { render } from './render.ts';
import { NEWEST } from './schema-sources.ts';

export function caseOf(chart: string, name: string): Case {
  const found = cases.find((one) => one.chart === chart && one.name === name);
  assert.ok(found, `${chart}, ${name}: no such case`);
  return found;
}

/** The objects of a case. */
export async function objectsOf(one: Case): Promise<KubeObject[]> {
  const { code, stdout, stderr } = await render(one, NEWEST);
  assert.equal(code, 0, stderr);
  return readObjects(stdout);
}
