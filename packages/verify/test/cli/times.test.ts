import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration, parseTime } from '../../src/cli/times.ts';

test('durations have a unit, unless there is none', () => {
  const us = ['500ms', '90s', '1.5m', '2h', '7d', '0', '0s'].map(parseDuration);
  assert.deepEqual(us, [500_000, 90_000_000, 90_000_000, 7_200_000_000, 604_800_000_000, 0, 0]);
  for (const none of ['', '5', '00', 's', '-1s', '1w', '1h30m']) assert.equal(parseDuration(none), undefined);
});

test('times are ISO 8601, or how long ago', () => {
  assert.equal(parseTime('2026-01-01T00:00:00Z', 0), Date.UTC(2026, 0) * 1000);
  assert.equal(parseTime('1h', 7_200_000_000), 3_600_000_000);
  for (const none of ['yesterday', '1700000000', '2026-13-01']) assert.equal(parseTime(none, 0), undefined);
});
