import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { startRun } from '../../test/harness/run.ts';
import { blocksOf, component, withInner } from './config.ts';
import { evaluate } from './evaluate.ts';
import { type Entry, runStages } from './log-stages.ts';

// The stages that read pino's lines, on lines of the real service.
const PROM = { name: 'prom-otel', metrics: 'scrape', logs: 'stdout' } as const;
const LABELS = { service_name: 'prom-otel', service_namespace: 'clew' };
const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

let lines: string[];

before(async () => {
  await using run = await startRun(PROM, { LOG_LEVEL: 'debug' });
  await run.service.send({ path: '/api/users/1', route: '/api/users/:id' });
  await run.service.send({ path: '/api/error?type=exception', route: '/api/error', status: 500 });
  assert.equal(await run.service.stop(), 0);
  lines = run.service.output.filter((line) => line.startsWith('{'));
});

const services = () => component('loki.process', 'logs.alloy');
const process = (line: string, env = {}): Entry => runStages(services(), line, LABELS, env);
const named = (msg: string): string => lines.find((line) => JSON.parse(line).msg === msg) ?? assert.fail(`no ${msg}`);

test('the ids of a completion line are structured metadata, its level is a label, and its time its own', () => {
  const line = named('request completed');
  const { trace_id, span_id, time, level } = JSON.parse(line);
  const entry = process(line);
  assert.deepEqual(entry, {
    line,
    labels: { ...LABELS, level },
    metadata: { trace_id, span_id },
    time,
    dropped: undefined,
  });
  assert.match(trace_id, TRACE_ID);
  assert.match(span_id, SPAN_ID);
});

test('a line of no request has no ids, and one of an exception has its level', () => {
  assert.deepEqual(process(named('server listening')).metadata, {});
  assert.equal(process(named('request failed')).labels.level, 'error');
});

test('every line above debug stays, whole', () => {
  const kept = lines.filter((line) => !['trace', 'debug'].includes(JSON.parse(line).level));
  assert.ok(kept.length > 4);
  for (const line of kept) assert.deepEqual([process(line).dropped, process(line).line], [undefined, line]);
});

test('a debug line is dropped and counted', () => {
  const line = named('server listening').replace('"level":"info"', '"level":"debug"');
  assert.equal(process(line).dropped, 'debug');
});

test('of a service whose lines come by OTLP too, those of a request are dropped, the others stay', () => {
  const env = { LOGS_BY_OTLP: 'full-otel|prom-otel' };
  assert.equal(process(named('request completed'), env).dropped, 'by_otlp');
  assert.equal(process(named('request failed'), env).dropped, 'by_otlp');
  assert.equal(process(named('server listening'), env).dropped, undefined);
  assert.equal(process(named('request completed'), { LOGS_BY_OTLP: 'prom' }).dropped, undefined);
});

test('a bearer token in a line of another program is cut out, and the line stays JSON', () => {
  const line = JSON.stringify({ level: 'warn', msg: 'sent Authorization: Bearer abcdef123456.x-y==', n: 1 });
  assert.deepEqual(JSON.parse(process(line).line).msg, 'sent Authorization: Bearer [redacted]');
});

test('a line that is no JSON passes as it is', () => {
  const entry = process('    at Object.<anonymous> (/app/main.js:1:1)');
  assert.deepEqual([entry.dropped, entry.time, entry.metadata, entry.labels], [undefined, undefined, {}, LABELS]);
});

test('over OTLP the same token is cut out of bodies and attributes', () => {
  const [statements] = component('otelcol.processor.transform', 'otlp-logs.alloy').blocks;
  const patterns = (evaluate(statements?.attributes.statements ?? []) as string[]).map((statement) => {
    const [, pattern = '', replacement = ''] = /("(?:[^"\\]|\\.)*"), ("(?:[^"\\]|\\.)*")\)/.exec(statement) ?? [];
    return { pattern: JSON.parse(pattern) as string, replacement: JSON.parse(replacement) as string };
  });
  assert.equal(patterns.length, 2);
  for (const { pattern, replacement } of patterns) {
    const redact = (text: string) => text.replace(new RegExp(pattern, 'g'), replacement);
    assert.equal(redact('sent bearer abcdef123456.x-y== twice'), 'sent Bearer [redacted] twice');
    assert.equal(redact('request completed'), 'request completed');
  }
});

test('no line is sampled or limited away', () => {
  const lossy = blocksOf()
    .flatMap(withInner)
    .filter(({ type }) => /^stage\.(sampling|limit|truncate)$|probabilistic_sampler$/.test(type));
  assert.deepEqual(
    lossy.map(({ type, file }) => `${type} in ${file}`),
    [],
  );
});
