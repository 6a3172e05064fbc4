import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEvidence } from '../../src/index.ts';
import { evidenceOf, goodRun, spanId, traceId } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'exemplar-trace';

test('holds when every exemplar leads to its span', () => {
  const { status, checked, held, rate } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked, held, rate }, { status: 'holds', checked: 8, held: 8, rate: 1 });
});

test('has nothing to check without exemplars', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
});

test('names an exemplar whose trace is missing', () => {
  const run = goodRun();
  const lost = traceId();
  run['prom-otel'].exemplars[0] = { ...exemplarOf(run), traceId: lost };
  const { status, checked, held, examples } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, checked, held }, { status: 'falls-short', checked: 8, held: 7 });
  assert.partialDeepStrictEqual(examples, [{ service: 'prom-otel', traceId: lost, missing: 'trace' }]);
});

test('names an exemplar whose trace is there but not its span', () => {
  const run = goodRun();
  const lost = spanId();
  run['prom-otel'].exemplars[0] = { ...exemplarOf(run), spanId: lost };
  assert.partialDeepStrictEqual(resultOf(name, evidenceOf(run)).examples, [{ spanId: lost, missing: 'span' }]);
});

test('fails a malformed id even where a span has the same', () => {
  const run = goodRun();
  const [span] = run['full-otel'].spans;
  assert.ok(span);
  const malformed = 'not an id';
  const [exemplar] = run['full-otel'].exemplars;
  assert.equal(exemplar?.traceId, span.traceId);
  exemplar.traceId = malformed;
  span.traceId = malformed;
  const { status, examples } = resultOf(name, evidenceOf(run));
  assert.equal(status, 'falls-short');
  assert.partialDeepStrictEqual(examples, [{ traceId: malformed, missing: 'well-formed id' }]);
});

test('looks at the time window only', () => {
  const run = goodRun();
  const broken = { ...exemplarOf(run), traceId: traceId() };
  run['prom-otel'].exemplars[0] = broken;
  assert.equal(resultOf(name, evidenceOf(run), { since: broken.timeUs + 1 }).status, 'holds');
  assert.equal(resultOf(name, evidenceOf(run), { until: broken.timeUs }).status, 'falls-short');
});

function exemplarOf(run: ReturnType<typeof goodRun>) {
  const [exemplar] = run['prom-otel'].exemplars;
  assert.ok(exemplar);
  return exemplar;
}
