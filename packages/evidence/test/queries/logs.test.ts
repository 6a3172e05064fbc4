import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LogRecord, logsOfTrace, openEvidence, recentLogs } from '../../src/index.ts';

const line: LogRecord = {
  timeUs: 10,
  level: 'warn',
  body: 'hello',
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  traceFlags: 1,
  attributes: { n: 1 },
  source: 'stdout',
};
const plain: LogRecord = { timeUs: 5, body: 'plain', attributes: {}, source: 'otlp' };

function written() {
  const evidence = openEvidence();
  evidence.write([
    { resource: { attributes: { 'service.name': 'a' } }, logs: [line, { ...line, timeUs: 8, body: 'first' }] },
    { resource: { attributes: { 'service.name': 'b' } }, logs: [plain] },
  ]);
  return evidence;
}

test('gives the lines of a trace by time, as they came', () => {
  const evidence = written();
  const found = logsOfTrace(evidence, 'a'.repeat(32));
  evidence.close();
  assert.deepEqual(found, [
    { ...line, timeUs: 8, body: 'first', service: 'a' },
    { ...line, service: 'a' },
  ]);
});

test('gives recent lines newest first, by service, level and number', () => {
  const evidence = written();
  const bodies = (filter: Parameters<typeof recentLogs>[1]) => recentLogs(evidence, filter).map(({ body }) => body);
  assert.deepEqual(bodies({}), ['plain', 'first', 'hello']);
  assert.deepEqual(bodies({ limit: 1 }), ['plain']);
  assert.deepEqual(bodies({ service: 'a' }), ['first', 'hello']);
  assert.deepEqual(bodies({ service: 'b', level: 'warn' }), []);
  assert.deepEqual(recentLogs(evidence, { limit: 1 }), [
    { ...plain, service: 'b', level: null, traceId: null, spanId: null, traceFlags: null },
  ]);
  evidence.close();
});
