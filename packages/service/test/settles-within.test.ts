import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settlesWithin } from '../src/settles-within.ts';

test('a promise in time is true, and leaves no timer behind', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  assert.equal(await settlesWithin(Promise.resolve('value'), 60_000), true);
  assert.equal(timers(), before);
});

test('a promise that takes longer is false, even when it rejects later', async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  assert.equal(await settlesWithin(promise, 1), false);
  reject(new Error('too late to matter'));
  await new Promise(setImmediate);
});

test('a rejection in time is passed on', async () => {
  await assert.rejects(settlesWithin(Promise.reject(new Error('no')), 60_000), /no/);
});
