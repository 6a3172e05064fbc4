import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEvidence } from '../../src/index.ts';
import { evidenceOf, goodRun, type Run, spanId } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'exemplar-complete';

/** SERVER span of the callee, in the trace that crosses both services and has two exemplars. */
function crossing(run: Run) {
  const span = run['prom-otel'].spans.at(-1);
  assert.ok(span);
  return span;
}

test('holds when the trace of every exemplar has one root and every parent', () => {
  const { status, checked } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 8 });
});

test('has nothing to check without exemplars', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
});

const breaks: { hop: string; breakIt: (run: Run) => unknown; example: object }[] = [
  {
    hop: 'the span between the two services is lost',
    breakIt: (run) => run['full-otel'].spans.pop(),
    example: { spans: 2, roots: 1, orphans: 1 },
  },
  {
    hop: 'the callee starts a root of its own in the trace',
    breakIt: (run) => delete crossing(run).parentSpanId,
    example: { spans: 3, roots: 2, orphans: 0 },
  },
  {
    hop: 'the root is lost',
    breakIt: (run) => run['full-otel'].spans.splice(-2, 1),
    example: { spans: 2, roots: 0, orphans: 1 },
  },
];

for (const { hop, breakIt, example } of breaks) {
  test(`names the exemplars of a trace when ${hop}`, () => {
    const run = goodRun();
    breakIt(run);
    const { traceId } = crossing(run);
    const { status, held, checked, examples } = resultOf(name, evidenceOf(run));
    assert.deepEqual({ status, failed: checked - held }, { status: 'falls-short', failed: 2 });
    assert.partialDeepStrictEqual(examples, [{ service: 'full-otel', traceId, ...example }]);
  });
}

test('leaves an exemplar without a trace to exemplar-trace', () => {
  const run = goodRun();
  run['prom-otel'].spans.shift();
  const { status, reasons } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, reasons }, { status: 'holds', reasons: { 'trace not there': 1 } });
});

test('does not ask for the whole trace of what has no exemplar', () => {
  const run = goodRun();
  crossing(run).parentSpanId = spanId();
  for (const service of ['full-otel', 'prom-otel'] as const) run[service].exemplars.pop();
  assert.equal(resultOf(name, evidenceOf(run)).status, 'holds');
});
