import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listEdges, openEvidence } from '../../src/index.ts';
import { callPeer, evidenceOf, goodRun, type Run, sendRequest } from '../run.ts';

const edgesOf = (run: Run) => {
  const evidence = evidenceOf(run);
  const edges = listEdges(evidence);
  evidence.close();
  return edges.map((edge) => Object.values(edge));
};

test('counts the requests from outside and from service to service, and their errors', () => {
  assert.deepEqual(edgesOf(goodRun()), [
    [null, 'full-otel', null, 6, 1],
    [null, 'prom-otel', null, 1, 0],
    ['full-otel', 'prom-otel', null, 1, 0],
  ]);
});

test('a call that reached no service is one to its target, once its SERVER span cannot be on its way any more', () => {
  const run = goodRun();
  const caller = sendRequest(run, { service: 'full-otel', route: '/api/data', status: 200 });
  const call = callPeer(run, caller, 502);
  call.status = 2;
  const isThere = () => edgesOf(run).some(([, , target]) => target === '127.0.0.1:8081');
  assert.equal(isThere(), false);
  const late = sendRequest(run, { service: 'full-otel', route: '/api/users', status: 200 });
  late.startUs = call.startUs + 16_000_000;
  assert.ok(isThere());
  assert.deepEqual(
    edgesOf(run).find(([, callee]) => callee === null),
    ['full-otel', null, '127.0.0.1:8081', 1, 1],
  );
});

test('looks at the newest spans only', () => {
  const evidence = evidenceOf(goodRun());
  const requests = listEdges(evidence, { spans: 2 }).reduce((sum, edge) => sum + edge.requests, 0);
  evidence.close();
  assert.equal(requests, 2);
});

test('is empty in an empty store', () => {
  const evidence = openEvidence();
  assert.deepEqual(listEdges(evidence), []);
  evidence.close();
});
