import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEvidence } from '../../src/index.ts';
import { evidenceOf, goodRun } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'multi-root';

test('holds when every trace has one root', () => {
  const { status, checked } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 7 });
});

test('has nothing to check without traces', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
});

test('names a trace with two roots', () => {
  const run = goodRun();
  const server = run['prom-otel'].spans.at(-1);
  assert.ok(server);
  delete server.parentSpanId;
  const { status, held, examples } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, held }, { status: 'falls-short', held: 6 });
  assert.partialDeepStrictEqual(examples, [{ traceId: server.traceId, roots: 2, spans: 3 }]);
});

test('names a trace without a root, also one that runs in a circle', () => {
  const run = goodRun();
  const [span] = run['full-otel'].spans;
  assert.ok(span);
  span.parentSpanId = span.spanId;
  assert.partialDeepStrictEqual(resultOf(name, evidenceOf(run)).examples, [{ traceId: span.traceId, roots: 0 }]);
});
