import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partAt, shuffled } from '../lib/schedule.ts';

test('the order depends on the seed, and has everything once', () => {
  const items = ['a', 'b', 'c', 'd', 'e'];
  assert.deepEqual(shuffled(items, 3), shuffled(items, 3));
  assert.deepEqual(shuffled(items, 3).sort(), items);
  const orders = new Set(Array.from({ length: 20 }, (_, seed) => shuffled(items, seed).join('')));
  assert.ok(orders.size > 10, String(orders.size));
});

test('each has its part of the fault, and near a change there is none', () => {
  const timeline = { baseline: 10, fault: 20, recovery: 10 };
  const parts = [5, 10.5, 12, 18.5, 19.5, 20.5, 22, 28, 29.5, 31].map((at) => partAt(['a', 'b'], timeline, at));
  assert.deepEqual(parts, [undefined, undefined, 'a', 'a', undefined, undefined, 'b', 'b', undefined, undefined]);
  const settlesLater = [12, 15].map((at) => partAt(['a', 'b'], timeline, at, 4));
  assert.deepEqual(settlesLater, [undefined, 'a']);
});
