import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEvidence } from '../../src/index.ts';
import { evidenceOf, goodRun } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'bucket-bounds';

/** A good run in which the first series of prom-otel has other boundaries. */
function evidenceWith(bounds: number[]) {
  const run = goodRun();
  const histogram = run['prom-otel'].points[0]?.histogram;
  assert.ok(histogram);
  Object.assign(histogram, { bounds, counts: [...bounds.map(() => 0), histogram.count] });
  return evidenceOf(run);
}

test('holds when all series have the same boundaries', () => {
  const { status, checked } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 6 });
});

test('has nothing to check without the histogram', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
});

for (const bounds of [[0.005, 0.01, 0.025, 5, 10], [0.005, 0.01, 0.02, 0.04], [5, 10, 25], [0.3], []]) {
  test(`names a series with the boundaries ${JSON.stringify(bounds)}`, () => {
    const { held, examples } = resultOf(name, evidenceWith(bounds));
    assert.equal(held, 5);
    assert.partialDeepStrictEqual(examples, [
      { service: 'prom-otel', route: '/api/slow', bounds: JSON.stringify(bounds), usual: '[0.005,0.01]' },
    ]);
  });
}

for (const scale of [20, 8, 3, 0, -2]) {
  test(`compares no exponential histogram of scale ${scale}`, () => {
    // From 1 ms to 10 s, as far as 160 buckets go.
    const first = Math.floor(Math.log2(0.001) * 2 ** scale);
    const length = Math.min(161, Math.ceil(Math.log2(10_000) * 2 ** scale) + 2);
    const bounds = Array.from({ length }, (_, i) => 2 ** ((first + i) * 2 ** -scale));
    const { status, reasons } = resultOf(name, evidenceWith(bounds));
    assert.deepEqual({ status, reasons }, { status: 'holds', reasons: { 'exponential histogram': 1 } });
  });
}
