import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine } from '../../src/log-lines/parse-line.ts';

const now = 1_700_000_000_000_000;
const ids = { trace_id: '5b8efff798038103d269b633813fc60c', span_id: 'eee19b7ec3c1b174' };
const stdout = { timeUs: now, attributes: {}, source: 'stdout' };

const lines: { name: string; line: string; record: object }[] = [
  {
    name: "a service's line",
    line: JSON.stringify({
      level: 'warn',
      time: 1_763_683_200_123.5,
      msg: 'request completed',
      ...ids,
      trace_flags: '01',
      'http.route': '/a',
      n: { a: 1 },
    }),
    record: {
      timeUs: 1_763_683_200_123_500,
      level: 'warn',
      body: 'request completed',
      traceId: ids.trace_id,
      spanId: ids.span_id,
      traceFlags: 1,
      attributes: { 'http.route': '/a', n: { a: 1 } },
      source: 'stdout',
    },
  },
  {
    name: "pino's own level and an ISO time",
    line: '{"level":50,"time":"2025-11-21T00:00:00.123Z","msg":"m"}',
    record: { ...stdout, level: 'error', body: 'm', timeUs: 1_763_683_200_123_000 },
  },
  {
    name: 'an unsampled trace',
    line: JSON.stringify({ msg: 'm', ...ids, trace_flags: '00' }),
    record: { ...stdout, body: 'm', traceId: ids.trace_id, spanId: ids.span_id, traceFlags: 0 },
  },
  {
    name: 'malformed ids, kept as they came',
    line: '{"msg":"m","trace_id":"XYZ","span_id":""}',
    record: { ...stdout, body: 'm', traceId: 'XYZ' },
  },
  {
    name: 'an unknown level and a bad time',
    line: '{"msg":"m","level":"loud","time":"soon"}',
    record: { ...stdout, body: 'm' },
  },
  {
    name: 'an object without msg: the line is the body',
    line: '{"a":1}',
    record: { ...stdout, body: '{"a":1}', attributes: { a: 1 } },
  },
  { name: 'text', line: 'Server listening', record: { ...stdout, body: 'Server listening' } },
  { name: 'JSON that is no object', line: '[1,2]', record: { ...stdout, body: '[1,2]' } },
  { name: 'half an object', line: '{"msg":"m"', record: { ...stdout, body: '{"msg":"m"' } },
];

for (const { name, line, record } of lines) {
  test(name, () => assert.deepEqual(parseLine(line, now), record));
}
