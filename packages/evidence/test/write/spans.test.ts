import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getTrace, openEvidence, requestCounts, summary } from '../../src/index.ts';
import { evidenceOf, goodRun, traceId } from '../run.ts';

test('a span that is sent again counts once, and the store says so', () => {
  const run = goodRun();
  const evidence = evidenceOf(run);
  const before = requestCounts(evidence);
  evidence.write([{ resource: run['full-otel'].resource, spans: run['full-otel'].spans.slice(0, 2) }]);
  assert.deepEqual(requestCounts(evidence), before);
  const { held, gaps } = summary(evidence);
  evidence.close();
  assert.equal(held.spans, 9);
  assert.partialDeepStrictEqual(gaps, [
    { kind: 'rejected', signal: 'traces', reason: 'span id seen before', count: 2 },
  ]);
});

test('a trace may come in several batches and from several services, the callee first', () => {
  const run = goodRun();
  const evidence = openEvidence();
  evidence.write([run['prom-otel']]);
  for (const span of run['full-otel'].spans) evidence.write([{ ...run['full-otel'], spans: [span], logs: [] }]);
  const id = run['prom-otel'].spans.at(-1)?.traceId ?? '';
  const services = getTrace(evidence, id).map(({ service, kind }) => `${service} ${kind}`);
  assert.deepEqual(services.sort(), ['full-otel 2', 'full-otel 3', 'prom-otel 2']);
  const peers = requestCounts(evidence).find(({ service, route }) => service === 'prom-otel' && route === '/api/data');
  evidence.close();
  assert.equal(peers?.peers, 1);
});

test('times that no number can hold do not make the store unreadable', () => {
  const run = goodRun();
  const [span] = run['full-otel'].spans;
  assert.ok(span);
  const ids = [traceId(), traceId(), traceId()];
  const times = [1.8e19, Number.NaN, -1.8e19];
  const spans = ids.map((id, i) => ({ ...span, traceId: id, startUs: times[i] ?? 0, durationUs: 0.4 }));
  const evidence = openEvidence();
  evidence.write([{ resource: run['full-otel'].resource, spans }]);
  const starts = ids.map((id) => getTrace(evidence, id)[0]?.startUs);
  evidence.close();
  assert.deepEqual(starts, [Number.MAX_SAFE_INTEGER, 0, Number.MIN_SAFE_INTEGER]);
});
