import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { type Span, TraceFlags, trace } from '@opentelemetry/api';
import { exemplarLabels, withoutOldExemplars } from '../../src/telemetry/exemplars.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
let now = 15_000;
let given: number[] = [];

beforeEach(() => {
  given = [];
  mock.method(performance, 'now', () => now);
});
afterEach(() => mock.restoreAll());

function span(traceFlags = TraceFlags.SAMPLED, traceId = TRACE_ID): Span & { marks: unknown[] } {
  const marks: unknown[] = [];
  const wrapped = trace.wrapSpanContext({ traceId, spanId: SPAN_ID, traceFlags });
  return Object.assign(wrapped, {
    marks,
    setAttribute(name: string, value: unknown) {
      marks.push([name, value]);
      return wrapped;
    },
  });
}

test('the first measurement of a bucket gives the exemplar and marks its span', () => {
  const first = span();
  assert.deepEqual(exemplarLabels(given, 1, first), { trace_id: TRACE_ID, span_id: SPAN_ID });
  assert.deepEqual(first.marks, [['exemplar.recorded', true]]);
});

test('the second of the same bucket and interval gives none, that of another bucket does', () => {
  exemplarLabels(given, 1, span());
  const second = span();
  assert.equal(exemplarLabels(given, 1, second), undefined);
  assert.deepEqual(second.marks, []);
  assert.ok(exemplarLabels(given, 2, span()));
});

test('the next interval of 15 s gives one again', () => {
  now = 15_000;
  assert.ok(exemplarLabels(given, 1, span()));
  now += 14_999;
  assert.equal(exemplarLabels(given, 1, span()), undefined);
  now += 1;
  assert.ok(exemplarLabels(given, 1, span()));
});

test('no exemplar comes from an unsampled span, an invalid one or none, and the bucket stays free', () => {
  assert.equal(exemplarLabels(given, 1, span(TraceFlags.NONE)), undefined);
  assert.equal(exemplarLabels(given, 1, span(TraceFlags.SAMPLED, '0'.repeat(32))), undefined);
  assert.equal(exemplarLabels(given, 1, undefined), undefined);
  assert.ok(exemplarLabels(given, 1, span()));
});

test('a rendered page loses exemplars older than 60 s and nothing else', () => {
  const fresh = `x_bucket{le="1"} 5 # {trace_id="${TRACE_ID}",span_id="${SPAN_ID}"} 0.7 940.1`;
  const old = `x_bucket{le="2"} 6 # {trace_id="${TRACE_ID}",span_id="${SPAN_ID}"} 1.7 939.9`;
  const page = `${fresh}\n${old}\nx_count 6\n# EOF\n`;
  assert.equal(withoutOldExemplars(page, 1000), `${fresh}\nx_bucket{le="2"} 6\nx_count 6\n# EOF\n`);
});
