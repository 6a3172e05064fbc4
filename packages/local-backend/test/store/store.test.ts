import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Batch, type Evidence, openEvidence, type SpanRecord, summary } from '@clew/evidence';
import { status } from '@grpc/grpc-js';
import { createStore, type Store, StoreError } from '../../src/store/store.ts';
import { gapsOf, startBackend } from '../support/backend.ts';
import { post } from '../support/clients.ts';
import { encode } from '../support/protobuf.ts';
import { cases } from '../support/requests.ts';

let ids = 0;

function span(attributes = {}): SpanRecord {
  const id = String(++ids);
  const times = { startUs: 1_763_683_200_000_000, durationUs: 1 };
  return {
    traceId: id.padStart(32, 'a'),
    spanId: id.padStart(16, 'b'),
    name: 'x',
    kind: 1,
    status: 0,
    ...times,
    attributes,
  };
}

function batch(...spans: SpanRecord[]): Batch {
  return { resource: { attributes: { 'service.name': 'a' } }, spans };
}

/** A store over evidence that counts its transactions. */
function countedStore(maxBytes = 2 ** 28): { store: Store; evidence: Evidence; writes: () => number } {
  const evidence = openEvidence();
  let writes = 0;
  const counted: Evidence = {
    ...evidence,
    write(batches) {
      writes++;
      evidence.write(batches);
    },
  };
  return { store: createStore(counted, maxBytes, assert.fail), evidence, writes: () => writes };
}

test('writes that come together share a transaction, and are done when it is', async () => {
  const { store, evidence, writes } = countedStore();
  const first = store.write([batch(span())], 1);
  const second = store.write([batch(span()), batch(span())], 2);
  assert.equal(summary(evidence).held.spans, 0);
  await Promise.all([first, second]);
  assert.equal(summary(evidence).held.spans, 3);
  assert.equal(writes(), 1);
  evidence.close();
});

test('many records are written at once', async () => {
  const { store, evidence } = countedStore();
  const written = store.write([batch(...Array.from({ length: 5000 }, () => span()))], 5000);
  assert.equal(summary(evidence).held.spans, 5000);
  await written;
  evidence.close();
});

test('nothing to write is done at once', async () => {
  const { store, evidence, writes } = countedStore();
  await store.write([], 0);
  assert.equal(writes(), 0);
  evidence.close();
});

test('a record that cannot be stored does not take others with it, and is no reason to try again', async () => {
  const { store, evidence } = countedStore();
  const good = store.write([batch(span())], 1);
  const bad = store.write([batch(span({ a: 1n }))], 1);
  const alsoGood = store.write([batch(span())], 1);
  await assert.rejects(bad, (error) => error instanceof StoreError && !error.temporary);
  await Promise.all([good, alsoGood]);
  assert.equal(summary(evidence).held.spans, 2);
  evidence.close();
});

test('gaps of the same reason are one row, and outlive a store that takes no writes', () => {
  const { store, evidence } = countedStore();
  evidence.db.exec('PRAGMA query_only = ON');
  store.gap('rejected', 'logs', 'because');
  store.gap('rejected', 'logs', 'because', 4);
  store.gap('rejected', 'logs', 'nothing', 0);
  store.flush();
  evidence.db.exec('PRAGMA query_only = OFF');
  assert.deepEqual(gapsOf(evidence, 'rejected'), {});
  store.flush();
  assert.deepEqual(gapsOf(evidence, 'rejected'), { 'logs: because': 5 });
  store.flush();
  assert.deepEqual(gapsOf(evidence, 'rejected'), { 'logs: because': 5 });
  evidence.close();
});

test('it stays within its bound and says what it evicted', async () => {
  const bound = 2 ** 20;
  const { store, evidence } = countedStore(bound);
  for (let i = 0; i < 20; i++) {
    await store.write([batch(...Array.from({ length: 500 }, () => span({ text: 'x'.repeat(100) })))], 500);
    assert.ok(evidence.bytes() <= bound, `${evidence.bytes()} after ${i}`);
  }
  const { held, received } = summary(evidence);
  assert.equal(received.spans, 10_000);
  const evicted = Object.values(gapsOf(evidence, 'evicted')).reduce((a, b) => a + b, 0);
  assert.equal(evicted, 10_000 - held.spans, 'each trace has one span');
  evidence.close();
});

test('a store that cannot evict says so once', async () => {
  const warnings: string[] = [];
  const evidence = openEvidence();
  const failing: Evidence = {
    ...evidence,
    evict() {
      throw new Error('disk full');
    },
  };
  const store = createStore(failing, 1, (message) => warnings.push(message));
  for (let i = 0; i < 3; i++) await store.write([batch(span())], 1);
  assert.deepEqual(warnings, ['cannot evict: disk full']);
  evidence.close();
});

test('a closed store has what it was given and takes no more', async () => {
  const { store, evidence } = countedStore();
  const written = store.write([batch(span())], 1);
  store.close();
  await written;
  assert.equal(summary(evidence).held.spans, 1);
  await assert.rejects(store.write([batch(span())], 1), /closed/);
  evidence.close();
});

suite('a full disk', () => {
  for (const { signal, type, json, service } of cases) {
    test(`refuses ${signal} with UNAVAILABLE and 503, loses nothing it has acknowledged, and recovers`, async (t) => {
      const { grpc, httpUrl, evidence, flush } = await startBackend(t);
      const { page_count: pages } = evidence.db.prepare('PRAGMA page_count').get() as { page_count: number };
      evidence.db.exec(`PRAGMA max_page_count = ${pages + 20}`);
      let acknowledged = 0;
      let answer = await grpc.export(service, encode(type, unlike(json)));
      for (; answer.code === status.OK; answer = await grpc.export(service, encode(type, unlike(json)))) acknowledged++;
      assert.equal(answer.code, status.UNAVAILABLE);
      assert.equal(answer.details, 'not stored: database or disk is full');
      assert.ok(answer.trailers?.get('grpc-status-details-bin')[0], 'RetryInfo');
      const response = await post(`${httpUrl}/v1/${signal}`, encode(type, unlike(json)));
      assert.equal(response.status, 503);
      assert.equal(response.headers.get('retry-after'), '1');
      assert.equal(summary(evidence).services, acknowledged, 'a service for each request');

      evidence.db.exec('PRAGMA max_page_count = 1000000');
      assert.equal((await grpc.export(service, encode(type, json))).code, status.OK);
      await flush();
      assert.ok((gapsOf(evidence, 'rejected')[`${signal}: store failed`] ?? 0) >= 2);
    });
  }
});

/** The request from another service, with a long name. */
function unlike(json: object): object {
  const name = `service-${++ids}-${'x'.repeat(3000)}`;
  return JSON.parse(JSON.stringify(json).replace('full-otel', name));
}
