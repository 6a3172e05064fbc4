import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEntry } from '../../../src/readers/loki/parse-entry.ts';

const NANOS = '1700000000123456789';
const labels = { service_name: 'shop', service_namespace: 'clew', filename: '/var/log/x' };
const ids = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' };
const otlp = {
  ...ids,
  flags: '1',
  severity_number: '9',
  severity_text: 'INFO',
  observed_timestamp: NANOS,
  detected_level: 'info',
  service_version: '1.2.3',
  http_request_method: 'GET',
  http_response_status_code: '200',
  my_own_field: 'x',
};

test('a record that came as OTLP has its attributes back, with the dots of those that are known', () => {
  const { attributes, log } = parseEntry(NANOS, 'request completed', labels, otlp);
  assert.deepEqual(attributes, { 'service.name': 'shop', 'service.namespace': 'clew', 'service.version': '1.2.3' });
  assert.deepEqual(log, {
    timeUs: 1700000000123456,
    body: 'request completed',
    level: 'info',
    source: 'otlp',
    traceId: ids.trace_id,
    spanId: ids.span_id,
    traceFlags: 1,
    attributes: {
      filename: '/var/log/x',
      'http.request.method': 'GET',
      'http.response.status_code': '200',
      my_own_field: 'x',
    },
  });
});

test('it reads the same where metadata comes merged into the labels', () => {
  assert.deepEqual(parseEntry(NANOS, 'x', { ...labels, ...otlp }, {}), parseEntry(NANOS, 'x', labels, otlp));
});

test('OTLP without flags in a trace is not sampled, because Loki leaves out a zero', () => {
  const { flags, ...unsampled } = otlp;
  assert.equal(flags, '1');
  assert.equal(parseEntry(NANOS, 'x', labels, unsampled).log.traceFlags, 0);
});

test("a JSON line of a service's stdout is read as pino writes it; ids are those of the metadata", () => {
  const line = {
    level: 'warn',
    time: 1,
    msg: 'hello',
    trace_id: 'ignored',
    trace_flags: '00',
    'http.route': '/x',
    n: 1,
  };
  const { log } = parseEntry(NANOS, JSON.stringify(line), labels, { ...ids, detected_level: 'warn' });
  assert.deepEqual(log, {
    timeUs: 1700000000123456,
    body: 'hello',
    level: 'warn',
    source: 'stdout',
    traceId: ids.trace_id,
    spanId: ids.span_id,
    traceFlags: 0,
    attributes: { 'http.route': '/x', n: 1 },
  });
  const numbered = parseEntry(NANOS, JSON.stringify({ level: 50, msg: 'm', ...ids }), labels, {});
  assert.deepEqual([numbered.log.level, numbered.log.traceId], ['error', ids.trace_id]);
});

test('a line that is no JSON is its own body', () => {
  const { log } = parseEntry(NANOS, '{not json', labels, { detected_level: 'unknown' });
  assert.deepEqual([log.body, log.source, log.level, log.traceId], ['{not json', 'stdout', undefined, undefined]);
});
