import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DataPoint, emptyPoint } from '../../src/otlp/metric.ts';
import { explicitBuckets } from '../../src/prometheus/explicit-buckets.ts';

const histograms: { name: string; point: Partial<DataPoint>; bounds: number[]; counts: number[] }[] = [
  { name: 'no values', point: {}, bounds: [], counts: [0] },
  { name: 'scale 0', point: { positive: { offset: 0, counts: [1, 2] } }, bounds: [1, 2, 4], counts: [0, 1, 2, 0] },
  {
    name: 'scale 1: base is the square root of 2',
    point: { scale: 1, positive: { offset: 2, counts: [1, 1] } },
    bounds: [2, 2 ** 1.5, 4],
    counts: [0, 1, 1, 0],
  },
  {
    name: 'scale -1: base is 4',
    point: { scale: -1, positive: { offset: 0, counts: [3] } },
    bounds: [1, 4],
    counts: [0, 3, 0],
  },
  {
    name: 'zeros below positive values',
    point: { zeroCount: 5, positive: { offset: 0, counts: [1] } },
    bounds: [0, 1, 2],
    counts: [5, 0, 1, 0],
  },
  {
    name: 'negative values',
    point: { negative: { offset: 0, counts: [1, 2] } },
    bounds: [-4, -2, -1, 0],
    counts: [0, 2, 1, 0, 0],
  },
  {
    name: 'an edge past the largest number',
    point: { positive: { offset: 1022, counts: [1, 2, 3] } },
    bounds: [2 ** 1022, 2 ** 1023],
    counts: [0, 1, 5],
  },
  {
    name: 'edges below the smallest number',
    point: { zeroCount: 1, positive: { offset: -2000, counts: [1, 2] } },
    bounds: [0],
    counts: [4, 0],
  },
  {
    name: 'a scale so large that all edges are 1',
    point: { scale: 2 ** 31 - 1, positive: { offset: 0, counts: [1, 2] } },
    bounds: [1],
    counts: [3, 0],
  },
  {
    name: 'a scale so small that no edge but 1 is finite',
    point: { scale: -(2 ** 31), positive: { offset: 0, counts: [1] } },
    bounds: [1],
    counts: [0, 1],
  },
];

for (const { name, point, bounds, counts } of histograms) {
  test(name, () => {
    const result = explicitBuckets({ ...emptyPoint(), ...point });
    assert.deepEqual(result.counts, counts);
    assert.deepEqual(result.bounds.map(rounded), bounds.map(rounded));
  });
}

function rounded(bound: number): number {
  return Number(bound.toPrecision(12));
}
