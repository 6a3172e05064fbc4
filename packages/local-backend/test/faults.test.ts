import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { summary } from '@clew/evidence';
import { status } from '@grpc/grpc-js';
import type { Fault } from '../src/faults.ts';
import { statusMessage } from '../src/otlp/protobuf/responses.ts';
import { startBackend, until } from './support/backend.ts';
import { post } from './support/clients.ts';
import { encode } from './support/protobuf.ts';
import { cases, traces } from './support/requests.ts';

const traceService = 'opentelemetry.proto.collector.trace.v1.TraceService';
const logsService = 'opentelemetry.proto.collector.logs.v1.LogsService';
const body = encode('Traces', traces);

async function hits(apiUrl: string): Promise<number> {
  const faults = (await (await fetch(`${apiUrl}/api/faults`)).json()) as { hits: number }[];
  return faults.reduce((sum, fault) => sum + fault.hits, 0);
}

suite('error', () => {
  const errors: { fault: Fault & { kind: 'error' }; http: number; retryAfter: string | null; grpc: number }[] = [
    { fault: { kind: 'error', code: 503 }, http: 503, retryAfter: null, grpc: status.UNAVAILABLE },
    {
      fault: { kind: 'error', code: 429, retryAfterMs: 1500 },
      http: 429,
      retryAfter: '2',
      grpc: status.RESOURCE_EXHAUSTED,
    },
    {
      fault: { kind: 'error', code: status.UNAVAILABLE, retryAfterMs: 20 },
      http: 503,
      retryAfter: '1',
      grpc: status.UNAVAILABLE,
    },
    { fault: { kind: 'error', code: 400 }, http: 400, retryAfter: null, grpc: status.INVALID_ARGUMENT },
    {
      fault: { kind: 'error', code: status.PERMISSION_DENIED },
      http: 403,
      retryAfter: null,
      grpc: status.PERMISSION_DENIED,
    },
  ];
  for (const { fault, http, retryAfter, grpc } of errors) {
    test(`${fault.code} is HTTP ${http} and gRPC ${grpc}, and stores nothing`, async (t) => {
      const backend = await startBackend(t);
      backend.setFault(fault);
      const response = await post(`${backend.httpUrl}/v1/traces`, body);
      assert.equal(response.status, http);
      assert.equal(response.headers.get('retry-after'), retryAfter);
      const answer = await backend.grpc.export(traceService, body);
      assert.equal(answer.code, grpc);
      const details = answer.trailers?.get('grpc-status-details-bin')[0];
      const retryInfo = fault.retryAfterMs && statusMessage(grpc, 'injected fault', fault.retryAfterMs);
      assert.deepEqual(details, retryInfo);
      assert.equal(summary(backend.evidence).received.spans, 0);
      backend.clearFaults();
      assert.equal((await backend.grpc.export(traceService, body)).code, status.OK);
    });
  }
});

test('RetryInfo has the delay in seconds and nanoseconds', () => {
  const bytes = statusMessage(14, 'm', 2500);
  // retry_delay = 1 { seconds = 1: 2, nanos = 2: 500000000 }
  assert.ok(bytes.toString('hex').endsWith(`0a0808021080cab5ee01`), bytes.toString('hex'));
  assert.ok(bytes.includes('type.googleapis.com/google.rpc.RetryInfo'));
});

suite('latency', () => {
  test('answers late and stores then', async (t) => {
    const { grpc, httpUrl, setFault, evidence } = await startBackend(t);
    setFault({ kind: 'latency', ms: 150 });
    const start = performance.now();
    const answer = await grpc.export(traceService, body);
    const response = await post(`${httpUrl}/v1/logs`, '');
    assert.equal(answer.code, status.OK);
    assert.equal(response.status, 200);
    assert.ok(performance.now() - start >= 295, 'each waited');
    assert.equal(summary(evidence).received.spans, 2);
  });

  test('does not store what its client has given up, because it will send it again', async (t) => {
    const { grpc, setFault, evidence } = await startBackend(t);
    setFault({ kind: 'latency', ms: 200 });
    const givenUp = grpc.export(traceService, body, 30);
    const patient = grpc.export(logsService, encode('Logs', cases[2]?.json ?? {}));
    assert.equal((await givenUp).code, status.DEADLINE_EXCEEDED);
    assert.equal((await patient).code, status.OK);
    const { received } = summary(evidence);
    assert.deepEqual([received.spans, received.logs], [0, 3]);
  });
});

suite('black hole', () => {
  test('takes requests and never answers', async (t) => {
    const { grpc, httpUrl, apiUrl, setFault, evidence } = await startBackend(t);
    setFault({ kind: 'black-hole' });
    const abort = new AbortController();
    const response = fetch(`${httpUrl}/v1/traces`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
      signal: abort.signal,
    });
    response.catch(() => {});
    assert.equal((await grpc.export(traceService, body, 100)).code, status.DEADLINE_EXCEEDED);
    await until('both requests met the fault', async () => (await hits(apiUrl)) === 2);
    abort.abort();
    await assert.rejects(response, { name: 'AbortError' });
    assert.equal(summary(evidence).received.spans, 0);
  });

  test('does not keep the backend from closing', async (t) => {
    const backend = await startBackend(t);
    backend.setFault({ kind: 'black-hole' });
    const answers = Promise.allSettled([
      backend.grpc.export(traceService, body),
      post(`${backend.httpUrl}/v1/traces`, body),
    ]);
    await until('both requests met the fault', async () => (await hits(backend.apiUrl)) === 2);
    await backend.close();
    const [overGrpc, overHttp] = await answers;
    assert.equal(overGrpc.status === 'fulfilled' && overGrpc.value.code, status.UNAVAILABLE);
    assert.equal(overHttp.status, 'rejected');
  });
});

test('drop destroys the connection, and the next one works', async (t) => {
  const { grpc, httpUrl, setFault, clearFaults, evidence } = await startBackend(t);
  setFault({ kind: 'drop' });
  await assert.rejects(post(`${httpUrl}/v1/traces`, body), TypeError);
  const { code, details } = await grpc.export(traceService, body);
  assert.equal(code, status.UNAVAILABLE);
  assert.doesNotMatch(details, /injected/);
  assert.equal(summary(evidence).received.spans, 0);
  clearFaults();
  assert.equal((await grpc.export(traceService, body)).code, status.OK);
  assert.equal((await post(`${httpUrl}/v1/traces`, body)).status, 200);
});

test('a fault on one signal leaves the others alone and goes before one on all', async (t) => {
  const { httpUrl, setFault } = await startBackend(t);
  setFault({ signal: 'traces', kind: 'error', code: 502 });
  const statuses = async () => {
    const responses = await Promise.all(
      ['traces', 'metrics', 'logs'].map((signal) => post(`${httpUrl}/v1/${signal}`, '')),
    );
    return responses.map((response) => response.status);
  };
  assert.deepEqual(await statuses(), [502, 200, 200]);
  setFault({ kind: 'error', code: 500 });
  assert.deepEqual(await statuses(), [502, 500, 500]);
  setFault({ signal: 'traces', kind: 'latency', ms: 0 });
  assert.deepEqual(await statuses(), [200, 500, 500], 'the later one on traces is in place of the first');
});
