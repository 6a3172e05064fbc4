import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentile } from '../lib/percentile.ts';

test('is the value that so large a part does not exceed, in whatever order they came', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.deepEqual(
    [0.5, 0.95, 1].map((share) => percentile(values, share)),
    [50, 95, 100],
  );
  assert.equal(values[0], 100); // as they were
  assert.deepEqual([percentile([7], 0.95), percentile([], 0.95)], [7, 0]);
});
