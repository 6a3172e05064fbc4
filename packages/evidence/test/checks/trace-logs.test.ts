import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEvidence } from '../../src/index.ts';
import { evidenceOf, goodRun, receive, START_US } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'trace-logs';

test('holds when every SERVER span has its completion line', () => {
  const { status, checked, held } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked, held }, { status: 'holds', checked: 8, held: 8 });
});

test('has nothing to check without SERVER spans', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
});

test('names a SERVER span whose completion line is missing', () => {
  const run = goodRun();
  const lost = run['full-otel'].logs.shift();
  const { status, held, examples } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, held }, { status: 'falls-short', held: 7 });
  assert.partialDeepStrictEqual(examples, [
    { service: 'full-otel', spanId: lost?.spanId ?? '', missing: 'completion line' },
  ]);
});

test('takes no other line of the request for its completion line', () => {
  const run = goodRun();
  const [line] = run['full-otel'].logs;
  assert.ok(line);
  run['full-otel'].logs[0] = { ...line, body: 'something else' };
  assert.equal(resultOf(name, evidenceOf(run)).held, 7);
});

test('asks a service that writes no completion lines for any line in the trace', () => {
  const run = goodRun();
  for (const log of run['prom-otel'].logs) log.body = 'GET done';
  assert.equal(resultOf(name, evidenceOf(run)).status, 'holds');
});

test('fails a service none of whose lines arrive, also in a trace where others wrote some', () => {
  const run = goodRun();
  run['prom-otel'].logs = [];
  const { status, held, examples } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, held }, { status: 'falls-short', held: 6 });
  assert.partialDeepStrictEqual(examples, [{ service: 'prom-otel', missing: 'any log line of the service' }]);
});

test('asks for no completion line of a SERVER span that is no HTTP request', () => {
  const run = goodRun();
  const span = receive(run, { service: 'full-otel', route: '/rpc', status: 200 });
  span.attributes = { 'rpc.system': 'grpc' };
  run['full-otel'].logs.pop();
  run['full-otel'].logs.push({ timeUs: START_US, body: 'rpc', traceId: span.traceId, attributes: {}, source: 'otlp' });
  assert.equal(resultOf(name, evidenceOf(run)).status, 'holds');
});
