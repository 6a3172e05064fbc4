import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LogRecord, openEvidence } from '../../src/index.ts';
import { evidenceOf, goodRun, START_US, spanId, traceId } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'log-trace';
const line: LogRecord = { timeUs: START_US, body: 'hello', attributes: {}, source: 'stdout' };

/** A good run in which prom-otel wrote one line more. */
function runWith(log: Partial<LogRecord>) {
  const run = goodRun();
  run['prom-otel'].logs.push({ ...line, ...log });
  return evidenceOf(run);
}

test('holds when every line with a trace_id leads to its span', () => {
  const { status, checked, held } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked, held }, { status: 'holds', checked: 8, held: 8 });
});

test('has nothing to check when no line has a trace_id', () => {
  const evidence = openEvidence();
  evidence.write([{ resource: { attributes: {} }, logs: [line] }]);
  assert.equal(resultOf(name, evidence).status, 'nothing-to-check');
});

test('names a line whose trace is missing', () => {
  const lost = traceId();
  const { status, held, examples } = resultOf(name, runWith({ traceId: lost, spanId: spanId(), traceFlags: 1 }));
  assert.deepEqual({ status, held }, { status: 'falls-short', held: 8 });
  assert.partialDeepStrictEqual(examples, [{ service: 'prom-otel', body: 'hello', traceId: lost, missing: 'trace' }]);
});

test('takes a line without a time for no evicted one', () => {
  assert.equal(resultOf(name, runWith({ traceId: traceId(), timeUs: 0 })).status, 'falls-short');
});

test('names a line whose trace is there but not its span', () => {
  const run = goodRun();
  const [span] = run['full-otel'].spans;
  assert.ok(span);
  const lost = spanId();
  run['full-otel'].logs.push({ ...line, traceId: span.traceId, spanId: lost });
  assert.partialDeepStrictEqual(resultOf(name, evidenceOf(run)).examples, [{ spanId: lost, missing: 'span' }]);
});

test('needs only the trace when the line has no span_id', () => {
  const run = goodRun();
  const [span] = run['full-otel'].spans;
  assert.ok(span);
  run['full-otel'].logs.push({ ...line, traceId: span.traceId });
  assert.equal(resultOf(name, evidenceOf(run)).held, 9);
});

test('counts a line of an unsampled request as uncheckable', () => {
  const result = resultOf(name, runWith({ traceId: traceId(), spanId: spanId(), traceFlags: 0 }));
  assert.partialDeepStrictEqual(result, { status: 'holds', checked: 8, reasons: { 'not sampled, or no flags': 1 } });
});

test('fails a line with a malformed id', () => {
  const { status, examples } = resultOf(name, runWith({ traceId: 'undefined', traceFlags: 0 }));
  assert.equal(status, 'falls-short');
  assert.partialDeepStrictEqual(examples, [{ traceId: 'undefined', missing: 'well-formed id' }]);
});

test('holds where the span is there, whatever the flags say: not every line has any', () => {
  const run = goodRun();
  for (const log of run['full-otel'].logs) log.traceFlags = 0;
  const { status, held } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, held }, { status: 'holds', held: 8 });
});

test('with tail sampling a line whose trace is not there is uncheckable, one whose span is not there fails', () => {
  const ids = { traceId: traceId(), spanId: spanId(), traceFlags: 1 };
  const result = resultOf(name, runWith(ids), { tailSampled: true });
  assert.partialDeepStrictEqual(result, { status: 'holds', reasons: { 'trace not kept by tail sampling': 1 } });
  const run = goodRun();
  run['full-otel'].logs.push({ ...line, ...ids, traceId: run['full-otel'].spans[0]?.traceId ?? '' });
  assert.equal(resultOf(name, evidenceOf(run), { tailSampled: true }).status, 'falls-short');
});
