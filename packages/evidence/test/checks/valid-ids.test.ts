import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Attributes, openEvidence } from '../../src/index.ts';
import { evidenceOf, goodRun, type Run, START_US, spanId, traceId } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'valid-ids';

test('holds when all ids are good, in links and attributes too', () => {
  const run = goodRun();
  const [span] = run['full-otel'].spans;
  assert.ok(span);
  span.links = [{ traceId: traceId(), spanId: spanId(), attributes: {} }];
  span.attributes.trace_id = traceId();
  const { status, checked } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 9 + 8 + 8 });
});

test('has nothing to check without ids', () => {
  const evidence = openEvidence();
  evidence.write([
    { resource: { attributes: {} }, logs: [{ timeUs: 0, body: 'x', attributes: {}, source: 'stdout' }] },
  ]);
  assert.equal(resultOf(name, evidence).status, 'nothing-to-check');
});

const upper = 'ABCDEFABCDEFABCDEFABCDEFABCDEFAB';
const first = <T>([record]: T[]): T => {
  assert.ok(record);
  return record;
};
const line = (attributes: Attributes) =>
  ({ timeUs: START_US, body: 'x', attributes, source: 'stdout' }) as Run['full-otel']['logs'][number];
const broken: { where: string; breakIt: (run: Run['full-otel']) => unknown; example: object }[] = [
  {
    where: 'the trace id of a span',
    breakIt: ({ spans }) => Object.assign(first(spans), { traceId: upper }),
    example: { signal: 'traces', id: 'traceId', traceId: upper, defect: 'upper case' },
  },
  {
    where: 'the span id of a span',
    breakIt: ({ spans }) => Object.assign(first(spans), { spanId: '0'.repeat(16) }),
    example: { signal: 'traces', id: 'spanId', defect: 'all zeros' },
  },
  {
    where: 'the parent of a span',
    breakIt: ({ spans }) => Object.assign(first(spans), { parentSpanId: 'undefined' }),
    example: { signal: 'traces', id: 'parentSpanId', defect: 'the text undefined' },
  },
  {
    where: 'the link of a span',
    breakIt: ({ spans }) =>
      Object.assign(first(spans), { links: [{ traceId: traceId(), spanId: 'b7', attributes: {} }] }),
    example: { signal: 'traces', id: 'link spanId', defect: '2 digits in place of 16' },
  },
  {
    where: 'the trace id of a log line',
    breakIt: ({ logs }) => Object.assign(first(logs), { traceId: '[object Object]' }),
    example: { signal: 'logs', id: 'traceId', defect: 'the text [object Object]' },
  },
  {
    where: 'the span id of a log line',
    breakIt: ({ logs }) => Object.assign(first(logs), { spanId: traceId() }),
    example: { signal: 'logs', id: 'spanId', defect: '32 digits in place of 16' },
  },
  {
    where: 'an exemplar',
    breakIt: ({ exemplars }) => Object.assign(first(exemplars), { spanId: 'not hex' }),
    example: { signal: 'exemplars', id: 'spanId', defect: 'not hex' },
  },
  {
    where: 'an attribute of a span',
    breakIt: ({ spans }) => Object.assign(first(spans), { attributes: { 'trace.id': 'undefined' } }),
    example: { signal: 'traces', id: 'attribute trace.id', defect: 'the text undefined' },
  },
  {
    where: 'an attribute of a log line that has no ids else',
    breakIt: ({ logs }) => logs.push(line({ spanId: { _spanId: 7 } })),
    example: { signal: 'logs', id: 'attribute spanId', defect: 'object in place of text' },
  },
  {
    where: 'a label of a series with exemplars',
    breakIt: ({ exemplars }) => Object.assign(first(exemplars), { labels: { traceID: '' } }),
    example: { signal: 'exemplars', id: 'attribute traceID', defect: 'empty' },
  },
];

for (const { where, breakIt, example } of broken) {
  test(`names a malformed id in ${where}`, () => {
    const run = goodRun();
    breakIt(run['full-otel']);
    const { status, checked, held, examples } = resultOf(name, evidenceOf(run));
    assert.deepEqual({ status, failed: checked - held }, { status: 'falls-short', failed: 1 });
    assert.partialDeepStrictEqual(examples, [{ service: 'full-otel', ...example }]);
  });
}

test('takes an attribute that only ends in an id name for no id', () => {
  const run = goodRun();
  Object.assign(first(run['full-otel'].spans).attributes, { 'dd.trace_id': '1234', stacktrace: 'trace_id":' });
  assert.equal(resultOf(name, evidenceOf(run)).status, 'holds');
});
