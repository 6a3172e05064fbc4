import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestCounts } from '../../src/index.ts';
import { callPeer, evidenceOf, goodRun, receive, sendRequest } from '../run.ts';

test('counts each request by everyone who counts it', () => {
  const run = goodRun();
  const caller = sendRequest(run, { service: 'full-otel', route: '/api/data', status: 200 });
  callPeer(run, caller);
  const evidence = evidenceOf(run);
  const counts = requestCounts(evidence);
  evidence.close();
  const own = (count: number) => ({ target: null, method: 'GET', sent: count, peers: 0, ...received(count) });
  const received = (count: number) => ({ spans: count, histogram: count, lines: count, unsampled: 0 });
  const unknown = { method: 'GET', route: null, status: null, sent: null, spans: null, histogram: null, lines: null };
  assert.deepEqual(counts, [
    { service: null, target: '127.0.0.1:8081', ...unknown, peers: 1, unsampled: 0 },
    { service: 'full-otel', ...own(1), route: null, status: 404 },
    { service: 'full-otel', ...own(2), route: '/api/data', status: 200 },
    { service: 'full-otel', ...own(1), route: '/api/error', status: 500 },
    { service: 'full-otel', ...own(3), route: '/api/users', status: 200 },
    { service: 'prom-otel', ...own(1), sent: 0, peers: 1, route: '/api/data', status: 200 },
    { service: 'prom-otel', ...own(1), route: '/api/slow', status: null },
  ]);
});

test('takes a call for aborted when the server says so, and for answered when only the client missed it', () => {
  const run = goodRun();
  const caller = sendRequest(run, { service: 'full-otel', route: '/api/data', status: 200 });
  receive(run, { service: 'prom-otel', route: '/left' }, callPeer(run, caller, 200));
  receive(run, { service: 'prom-otel', route: '/late', status: 200 }, callPeer(run, caller));
  const evidence = evidenceOf(run);
  const peers = requestCounts(evidence)
    .filter(({ route }) => route === '/left' || route === '/late')
    .map(({ route, status, peers, spans }) => ({ route, status, peers, spans }));
  evidence.close();
  assert.deepEqual(peers, [
    { route: '/late', status: 200, peers: 1, spans: 1 },
    { route: '/left', status: null, peers: 1, spans: 1 },
  ]);
});
