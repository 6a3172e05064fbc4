import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Point } from '../../../src/readers/prometheus/histogram-points.ts';
import { createWindowSeries } from '../../../src/readers/prometheus/window-series.ts';

function point(timeUs: number, counts: [number, number], bounds = [0.1]): Point {
  return { timeUs, histogram: { bounds, counts, count: counts[0] + counts[1], sum: counts[0] } };
}

/** Times and counts of what is stored of these points. */
function stored(before: Point | undefined, points: Point[]) {
  const series = createWindowSeries('m', {}, 100);
  if (before) series.before(before);
  const records = points.flatMap((one) => series.next(one));
  return records.map(({ timeUs, histogram }) => [timeUs, histogram?.counts, histogram?.count]);
}

test('counts from zero at the beginning of the window', () => {
  assert.deepEqual(stored(point(90, [5, 1]), [point(110, [6, 1]), point(120, [8, 2])]), [
    [100, [0, 0], 0],
    [110, [1, 0], 1],
    [120, [3, 1], 4],
  ]);
});

test('a series without a point before the window was born in it', () => {
  assert.deepEqual(stored(undefined, [point(110, [2, 0])]), [
    [100, [0, 0], 0],
    [110, [2, 0], 2],
  ]);
});

test('a count that falls is a process that starts at zero, also when it is soon as high as the window has counted', () => {
  const [, , last] = stored(point(90, [100, 0]), [point(110, [103, 0]), point(120, [7, 0])]);
  assert.deepEqual(last, [120, [10, 0], 10]);
});

test('of points without a rise the last one before each rise is kept', () => {
  const quiet = [110, 120, 130].map((time) => point(time, [5, 0]));
  const late = [150, 160, 170].map((time) => point(time, [6, 0]));
  assert.deepEqual(
    stored(point(90, [5, 0]), [...quiet, point(140, [6, 0]), ...late, point(180, [7, 0]), point(190, [7, 0])]),
    [
      [130, [0, 0], 0],
      [140, [1, 0], 1],
      [170, [1, 0], 1],
      [180, [2, 0], 2],
    ],
  );
});

test('requests counted with other boundaries stay in the count', () => {
  const records = stored(undefined, [point(110, [2, 1]), point(120, [1, 0], [0.5])]);
  assert.deepEqual(records.at(-1), [120, [1, 3], 4]);
});
