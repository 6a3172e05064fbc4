import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spanBatches } from '../../../src/readers/otlp-json/spans.ts';

const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';

test('reads a span as protobuf writes JSON: base64 ids, names of enums, digits as strings', () => {
  const [batch] = spanBatches([
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeSpans: [
        {
          scope: { name: 'http' },
          spans: [
            {
              traceId: base64(trace),
              spanId: base64(span),
              parentSpanId: base64('00f067aa0ba902b7'),
              name: 'GET /',
              kind: 'SPAN_KIND_SERVER',
              startTimeUnixNano: '1700000000123456789',
              endTimeUnixNano: '1700000000223456789',
              attributes: [
                { key: 'n', value: { intValue: '200' } },
                { key: 'big', value: { intValue: '9007199254740993' } },
                { key: 'list', value: { arrayValue: { values: [{ boolValue: true }, { doubleValue: 1.5 }] } } },
                { key: 'map', value: { kvlistValue: { values: [{ key: 'a', value: { stringValue: 'b' } }] } } },
              ],
              status: { code: 'STATUS_CODE_ERROR', message: 'no' },
              events: [{ name: 'e', timeUnixNano: '1700000000123456789', attributes: [] }],
              links: [{ traceId: base64(trace), spanId: base64(span), attributes: [] }],
            },
          ],
        },
      ],
    },
  ]);
  assert.deepEqual(batch?.resource, { attributes: { 'service.name': 'shop' } });
  assert.deepEqual(batch?.spans, [
    {
      traceId: trace,
      spanId: span,
      parentSpanId: '00f067aa0ba902b7',
      name: 'GET /',
      kind: 2,
      startUs: 1700000000123456,
      durationUs: 100000,
      status: 2,
      statusMessage: 'no',
      scope: 'http',
      attributes: { n: 200, big: '9007199254740993', list: [true, 1.5], map: { a: 'b' } },
      events: [{ name: 'e', timeUs: 1700000000123456, attributes: {} }],
      links: [{ traceId: trace, spanId: span, attributes: {} }],
    },
  ]);
});

test('reads a span as OTLP writes JSON, and a parent of zeros as none', () => {
  const [batch] = spanBatches([
    {
      scopeSpans: [
        { spans: [{ traceId: trace, spanId: span, parentSpanId: '0000000000000000', kind: 3, status: { code: 1 } }] },
      ],
    },
  ]);
  const [read] = batch?.spans ?? [];
  assert.deepEqual([read?.traceId, read?.spanId, read?.kind, read?.status], [trace, span, 3, 1]);
  assert.ok(read && !('parentSpanId' in read));
});
