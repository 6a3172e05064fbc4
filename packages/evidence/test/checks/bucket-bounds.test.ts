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

for (const bounds of [[0.005, 0.01, 0.025, 5, 10], [5, 10, 25], [0.3], []]) {
  test(`names a series with the boundaries ${JSON.stringify(bounds)}`, () => {
    const { held, examples } = resultOf(name, evidenceWith(bounds));
    assert.equal(held, 5);
    assert.partialDeepStrictEqual(examples, [
      { service: 'prom-otel', route: '/api/slow', bounds: JSON.stringify(bounds), usual: '[0.005,0.01]' },
    ]);
  });
}

test('compares no exponential histogram', () => {
  const base = 2 ** (1 / 8);
  const { status, reasons } = resultOf(name, evidenceWith([base ** -3, base ** -2, base ** -1, 1]));
  assert.deepEqual({ status, reasons }, { status: 'holds', reasons: { 'exponential histogram': 1 } });
});
