import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getTrace, openEvidence, type SpanRecord } from '../../src/index.ts';

const resource = { attributes: { 'service.name': 'full-otel', 'service.version': '1' } };
const span: SpanRecord = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  parentSpanId: 'c'.repeat(16),
  name: 'GET /',
  kind: 2,
  startUs: 10,
  durationUs: 5,
  status: 2,
  statusMessage: 'no',
  scope: 'lib',
  attributes: { 'http.route': '/', list: [1, 'two'] },
  events: [{ name: 'e', timeUs: 11, attributes: { a: true } }],
  links: [{ traceId: 'd'.repeat(32), spanId: 'e'.repeat(16), attributes: {} }],
};

test('gives spans as they came, by start time', () => {
  const evidence = openEvidence();
  const bare: SpanRecord = {
    traceId: span.traceId,
    spanId: '1'.repeat(16),
    name: 'before',
    kind: 1,
    startUs: 9,
    durationUs: 0,
    status: 0,
    attributes: {},
  };
  evidence.write([{ resource, spans: [span, bare] }]);
  const found = getTrace(evidence, span.traceId);
  evidence.close();
  const of = { service: 'full-otel', resource: resource.attributes };
  const absent = { parentSpanId: null, statusMessage: null, scope: null, events: [], links: [] };
  assert.deepEqual(found, [
    { ...bare, ...absent, ...of },
    { ...span, ...of },
  ]);
});

test('gives nothing for a trace that is not there', () => {
  const evidence = openEvidence();
  assert.deepEqual(getTrace(evidence, span.traceId), []);
  evidence.close();
});
