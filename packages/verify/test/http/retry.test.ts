import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryDelayMs } from '../../src/http/retry.ts';

test('waits for what Retry-After says: seconds, or a date; 30 s at most', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  assert.equal(retryDelayMs(1, '7', now), 7000);
  assert.equal(retryDelayMs(1, 'Thu, 01 Jan 2026 00:00:05 GMT', now), 5000);
  assert.equal(retryDelayMs(1, 'Wed, 31 Dec 2025 23:00:00 GMT', now), 0);
  assert.equal(retryDelayMs(1, '86400', now), 30_000);
});

test('waits longer each time where it is not told', () => {
  for (const nothing of [undefined, 'soon']) {
    const delays = [1, 2, 3, 20].map((attempt) => retryDelayMs(attempt, nothing));
    const [first = 0, second = 0, third = 0, late = 0] = delays;
    assert.ok(first >= 250 && first <= 500 && second >= 500 && second <= 1000 && third >= 1000 && third <= 2000);
    assert.ok(late <= 30_000);
  }
});
