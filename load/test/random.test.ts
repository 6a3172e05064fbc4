import assert from 'node:assert/strict';
import { test } from 'node:test';
import { between, hexDigits, randomOf } from '../lib/random.ts';

test('an iteration draws the same again, and another one something else', () => {
  const draws = (seed: number, iteration: number) => Array.from({ length: 5 }, randomOf(seed, iteration));
  assert.deepEqual(draws(1, 7), draws(1, 7));
  assert.notDeepEqual(draws(1, 7), draws(1, 8));
  assert.notDeepEqual(draws(1, 7), draws(2, 7));
});

test('first draws of many iterations are spread evenly', () => {
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let iteration = 0; iteration < 10_000; iteration += 1) {
    const tenth = Math.floor(randomOf(1, iteration)() * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const count of tenths) assert.ok(count > 850 && count < 1150, String(tenths));
});

test('whole numbers stay within their bounds and reach them', () => {
  const random = randomOf(1, 1);
  const drawn = Array.from({ length: 200 }, () => between(random, 3, 5));
  assert.deepEqual(new Set(drawn), new Set([3, 4, 5]));
});

test('ids have their length and are never all zero', () => {
  assert.match(hexDigits(randomOf(1, 1), 32), /^[0-9a-f]{32}$/);
  assert.equal(
    hexDigits(() => 0, 4),
    '0001',
  );
});
