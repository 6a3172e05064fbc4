import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExemplarRecord, openEvidence } from '../../src/index.ts';
import { evidenceOf, goodRun, type Run } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'exemplar-value';

/** Of the aborted request of prom-otel: 1 ms, in the first of the buckets 5 ms, 10 ms, +Inf. */
function exemplarOf(run: Run): ExemplarRecord {
  const [exemplar] = run['prom-otel'].exemplars;
  assert.ok(exemplar);
  return exemplar;
}

/** A run in which that exemplar, and the duration of its span in microseconds, are others. */
function runWith(exemplar: Partial<ExemplarRecord>, durationUs = 1000): Run {
  const run = goodRun();
  Object.assign(exemplarOf(run), exemplar);
  Object.assign(run['prom-otel'].spans[0] ?? {}, { durationUs });
  return run;
}

test('holds when every value lies in its bucket and is what its span lasted', () => {
  const { status, checked } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 8 });
});

test('has nothing to check without exemplars', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
});

const infinity = Number.POSITIVE_INFINITY;
const broken: { what: string; exemplar: Partial<ExemplarRecord>; durationUs?: number; wrong: string }[] = [
  { what: 'above its bucket', exemplar: { value: 0.0051 }, durationUs: 5100, wrong: 'value outside of its bucket' },
  { what: 'below its bucket', exemplar: { le: 0.01 }, wrong: 'value outside of its bucket' },
  { what: 'below the last bucket', exemplar: { le: infinity }, wrong: 'value outside of its bucket' },
  { what: 'in milliseconds', exemplar: { value: 1, le: infinity }, wrong: 'duration' },
  { what: 'over 2 ms more than its span lasted', exemplar: { value: 0.00301 }, wrong: 'duration' },
  { what: 'in a bucket that its series lacks', exemplar: { le: 0.0025 }, wrong: 'bucket is none of the series' },
];

for (const { what, exemplar, durationUs, wrong } of broken) {
  test(`names a value that is ${what}`, () => {
    const run = runWith(exemplar, durationUs);
    const { traceId, value } = exemplarOf(run);
    const { status, held, examples } = resultOf(name, evidenceOf(run));
    assert.deepEqual({ status, held }, { status: 'falls-short', held: 7 });
    assert.partialDeepStrictEqual(examples, [{ service: 'prom-otel', traceId, value, wrong }]);
  });
}

test('names the exemplars of a series whose boundaries were changed after they were taken', () => {
  const run = goodRun();
  for (const { histogram } of run['prom-otel'].points) if (histogram) histogram.bounds = [0.1, 1];
  const { held, examples } = resultOf(name, evidenceOf(run));
  assert.equal(held, 6);
  assert.partialDeepStrictEqual(examples, [{ le: 0.005, wrong: 'bucket is none of the series' }]);
});

test('lets a value pass that equals a boundary, on either side', () => {
  for (const le of [0.005, 0.01]) {
    assert.equal(resultOf(name, evidenceOf(runWith({ value: 0.005, le }, 5000))).status, 'holds');
  }
});

test('looks at the bucket only where the metric measures no requests, and not at counters', () => {
  const run = goodRun();
  const { points, exemplars } = run['full-otel'];
  for (const record of [...points, ...exemplars]) record.metric = 'payload_bytes';
  for (const exemplar of exemplars) exemplar.value = 0.004;
  const [first, ...others] = exemplars;
  assert.ok(first && others.length > 0);
  delete first.le;
  const { status, checked } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 7 });
});

test('counts as uncheckable what came without its span or its buckets', () => {
  const run = goodRun();
  run['prom-otel'].spans.shift();
  run['full-otel'].points = [];
  const { status, reasons } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, reasons }, { status: 'holds', reasons: { 'span not there': 1, 'buckets not there': 6 } });
});
