import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEvidence } from '../../src/index.ts';
import { evidenceOf, goodRun } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'orphan-spans';

test('holds when every parent is in its trace', () => {
  const { status, checked } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 2 });
});

test('has nothing to check when no span has a parent', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
});

test('names the span whose parent, a CLIENT span, is missing', () => {
  const run = goodRun();
  const client = run['full-otel'].spans.pop();
  const { status, held, examples } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, held }, { status: 'falls-short', held: 0 });
  assert.partialDeepStrictEqual(examples, [
    { service: 'prom-otel', parentSpanId: client?.spanId ?? '', missing: 'parent' },
  ]);
});

test('takes no span of another trace for the parent', () => {
  const run = goodRun();
  const [other] = run['full-otel'].spans;
  const server = run['prom-otel'].spans.at(-1);
  assert.ok(other && server);
  server.parentSpanId = other.spanId;
  assert.equal(resultOf(name, evidenceOf(run)).status, 'falls-short');
});

test('fails a span with malformed ids', () => {
  const run = goodRun();
  const server = run['prom-otel'].spans.at(-1);
  assert.ok(server);
  server.spanId = '0000000000000000';
  assert.partialDeepStrictEqual(resultOf(name, evidenceOf(run)).examples, [
    { spanId: '0000000000000000', missing: 'well-formed id' },
  ]);
});
