import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRetryBudget } from '../src/retry-budget.ts';

/** Makes calls that all want one retry. @returns the retries that were allowed. */
function retriesOf(calls: number, share: number, burst: number): number {
  const budget = createRetryBudget(share, burst);
  let retries = 0;
  for (let call = 0; call < calls; call += 1) {
    budget.deposit();
    if (budget.withdraw()) retries += 1;
  }
  return retries;
}

test('a peer that fails every call gets the burst and then only the share', () => {
  assert.equal(retriesOf(10, 0.125, 10), 10);
  assert.equal(retriesOf(1_000, 0.125, 10), 10 + 124);
});

test('a share of 0 allows no retry, not even at the start', () => {
  assert.equal(retriesOf(100, 0, 10), 0);
});

test('a share of 1 allows a retry for every call', () => {
  assert.equal(retriesOf(100, 1, 10), 100);
});

test('quiet times save up no more than the burst', () => {
  const budget = createRetryBudget(1, 2);
  for (let call = 0; call < 1_000; call += 1) budget.deposit();
  assert.deepEqual([budget.withdraw(), budget.withdraw(), budget.withdraw()], [true, true, false]);
});
