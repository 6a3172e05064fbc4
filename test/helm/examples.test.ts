import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { cases } from './support/cases.ts';
import { HELM } from './support/charts.ts';
import { broken } from './support/invariants.ts';
import { readObjects } from './support/objects.ts';

const EXAMPLES = join(HELM, 'examples');
const examples = cases.filter(({ example }) => example);

it('the examples are those that are kept', () => {
  const names = examples.map(({ name }) => `${name}.yaml`);
  assert.ok(names.length >= 6);
  assert.deepEqual(readdirSync(EXAMPLES).sort(), names.sort());
});

for (const { name, namespace = 'shop' } of examples) {
  it(`${name} holds together`, () => {
    const objects = readObjects(readFileSync(join(EXAMPLES, `${name}.yaml`), 'utf8'));
    assert.ok(objects.length > 1);
    assert.deepEqual(broken(objects, namespace), []);
  });
}
