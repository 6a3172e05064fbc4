import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Counter, quietWindow } from '../../../src/readers/prometheus/quiet-window.ts';

const S = 1_000_000;
const window = { sinceUs: 1000 * S, untilUs: 1400 * S };
const READ_SINCE = 700 * S;

/** A counter that is read every 10 s from `from` to `to`, in seconds, and rises by one at each of the times. */
function counter(from: number, to: number, rises: number[]): Counter {
  const samples: Counter['samples'] = [];
  for (let s = from; s <= to; s += 10) samples.push({ timeUs: s * S, value: rises.filter((rise) => rise <= s).length });
  return { samples };
}

test('is the whole window when nothing happens at its ends', () => {
  assert.deepEqual(quietWindow([counter(700, 1500, [1100, 1200])], window, READ_SINCE), window);
});

test('begins after requests at the beginning, ends before requests at the end', () => {
  const found = quietWindow([counter(700, 1500, [995, 1005, 1200]), counter(700, 1500, [1395])], window, READ_SINCE);
  // Rises are seen at the next reading, and requests are under way for up to 15 s before and after.
  assert.deepEqual(found, { sinceUs: 1025 * S, untilUs: 1375 * S });
});

test('there is none while requests run at an end', () => {
  const all = Array.from({ length: 80 }, (_, i) => 700 + i * 10);
  assert.equal(quietWindow([counter(700, 1500, all)], window, READ_SINCE), undefined);
  assert.equal(
    quietWindow(
      [
        counter(
          700,
          1500,
          all.filter((s) => s > 1300),
        ),
      ],
      window,
      READ_SINCE,
    ),
    undefined,
  );
});

test('a series that is born has risen since the reading before', () => {
  const found = quietWindow([counter(1400, 1500, [1395])], window, READ_SINCE);
  assert.equal(found?.untilUs, 1375 * S);
});

test('ends with the last reading of a counter that is still read: later requests are in none', () => {
  assert.equal(quietWindow([counter(700, 1360, [1100])], window, READ_SINCE)?.untilUs, 1360 * S);
});

test('a process that is long gone does not hold it up', () => {
  assert.deepEqual(quietWindow([counter(700, 1050, [1040]), counter(700, 1500, [])], window, READ_SINCE), window);
});
