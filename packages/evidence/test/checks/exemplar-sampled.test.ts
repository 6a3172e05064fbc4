import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEvidence } from '../../src/index.ts';
import { evidenceOf, goodRun, START_US } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'exemplar-sampled';
const HOUR_US = 3_600_000_000;

test('holds when every exemplar comes from a sampled span', () => {
  const { status, checked } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 8 });
});

test('has nothing to check without exemplars', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
});

test('names an exemplar whose request was not sampled, as its log line says', () => {
  const run = goodRun();
  const { spans, logs } = run['prom-otel'];
  const span = spans.shift();
  const line = logs.find(({ spanId }) => spanId === span?.spanId);
  assert.ok(line);
  line.traceFlags = 0;
  const { status, held, examples } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, held }, { status: 'falls-short', held: 7 });
  assert.partialDeepStrictEqual(examples, [
    { service: 'prom-otel', spanId: line.spanId ?? '', wrong: 'log line with trace_flags 00' },
  ]);
});

test('names an exemplar that is older than traces are kept', () => {
  const run = goodRun();
  const [exemplar] = run['prom-otel'].exemplars;
  assert.ok(exemplar);
  exemplar.timeUs = START_US - 2 * HOUR_US;
  const evidence = () => evidenceOf(run);
  const until = START_US + 1_000_000;
  assert.equal(resultOf(name, evidence(), { until }).status, 'holds');
  assert.equal(resultOf(name, evidence(), { until, retentionUs: 3 * HOUR_US }).status, 'holds');
  const { held, examples } = resultOf(name, evidence(), { until, retentionUs: HOUR_US });
  assert.equal(held, 7);
  assert.partialDeepStrictEqual(examples, [{ traceId: exemplar.traceId, wrong: 'older than the retention' }]);
});

test('takes the age of an exemplar from now when the run has no end', () => {
  assert.equal(resultOf(name, evidenceOf(goodRun()), { retentionUs: HOUR_US }).held, 0);
});

test('believes a log line that says sampled, and says when nothing tells', () => {
  const run = goodRun();
  run['prom-otel'].spans.shift();
  assert.equal(resultOf(name, evidenceOf(run)).held, 8);
  run['prom-otel'].logs.shift();
  const { status, reasons } = resultOf(name, evidenceOf(run));
  assert.deepEqual(
    { status, reasons },
    { status: 'holds', reasons: { 'neither its span nor a log line is there': 1 } },
  );
});
