import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { ROOT } from '../../src/telemetry/root-context.ts';

const [a, b] = [createContextKey('a'), createContextKey('b')];
const values = (context: Context) => [context.getValue(a), context.getValue(b)];

// Each does the same to the API's own context and to the linked one.
const steps: Record<string, (root: Context) => Context[]> = {
  'has nothing': (root) => [root],
  'gets a value and leaves its parent as it was': (root) => [root, root.setValue(a, 1)],
  'keeps what its parents have': (root) => [root.setValue(a, 1).setValue(b, 2)],
  'hides the value of a parent': (root) => [root.setValue(a, 1).setValue(b, 2).setValue(a, 3)],
  'hides it by undefined, too': (root) => [root.setValue(a, 1).setValue(a, undefined)],
  'loses a value that a parent keeps': (root) => {
    const parent = root.setValue(a, 1).setValue(b, 2);
    return [parent.deleteValue(a), parent, parent.deleteValue(a).setValue(a, 3)];
  },
  'loses what was never there': (root) => [root.deleteValue(a).setValue(b, 2)],
};

for (const [what, run] of Object.entries(steps)) {
  test(`a linked context ${what}, as one of the API`, () => {
    assert.deepEqual(run(ROOT).map(values), run(ROOT_CONTEXT).map(values));
  });
}
