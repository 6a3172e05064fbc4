import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figure, paired, quantile } from '../src/statistics.ts';

test('a figure is the median with its quartiles', () => {
  assert.deepEqual(figure([5, 1, 4, 2, 3]), { median: 3, low: 2, high: 4 });
});

test('the median of an even number of values is between the two in the middle', () => {
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
});

test('nothing measured is an error and not a zero', () => {
  assert.throws(() => figure([]), RangeError);
});

test('pairs stand where the machine slows down for a round', () => {
  const bare = [50, 200, 50];
  const twiceAsDear = [100, 400, 100];
  const left = paired(twiceAsDear, bare, (own, partner) => partner / own);
  assert.deepEqual(figure(left), { median: 0.5, low: 0.5, high: 0.5 });
});

test('a value without a partner is an error', () => {
  assert.throws(() => paired([1, 2], [1], (own, partner) => own / partner), RangeError);
});
