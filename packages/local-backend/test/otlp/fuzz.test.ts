import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summary } from '@clew/evidence';
import { status } from '@grpc/grpc-js';
import { startBackend } from '../support/backend.ts';
import { post } from '../support/clients.ts';
import { encode } from '../support/protobuf.ts';
import { cases } from '../support/requests.ts';

/** mulberry32: the same numbers in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Once or twice a byte changed, or some removed, inserted or repeated, which breaks most lengths. */
function mutate(bytes: Buffer, next: () => number): Buffer {
  let result = Buffer.from(bytes);
  for (let changes = 1 + Math.floor(next() * 2); changes > 0; changes--) {
    const at = Math.floor(next() * result.length);
    const kind = Math.floor(next() * 8);
    if (kind > 2) result[at] = Math.floor(next() * 256);
    if (kind === 1) result = Buffer.concat([result.subarray(0, at), result.subarray(at + 1 + Math.floor(next() * 8))]);
    if (kind === 2) result = Buffer.concat([result.subarray(0, at), Buffer.from([next() * 256]), result.subarray(at)]);
    if (kind === 0)
      result = Buffer.concat([result.subarray(0, at), result.subarray(Math.max(0, at - 20), at), result.subarray(at)]);
  }
  return result;
}

const mutations = 2000;

test(`${mutations} broken requests are all answered, and none breaks the next good one`, async (t) => {
  const { grpc, httpUrl, evidence } = await startBackend(t);
  const next = random(1);
  const seen = new Map<string, number>();
  const sendOne = async (i: number) => {
    const one = cases[i % cases.length] ?? assert.fail();
    const inJson = next() < 0.5;
    const body = mutate(inJson ? Buffer.from(JSON.stringify(one.json)) : encode(one.type, one.json), next);
    let answer: string;
    if (!inJson && next() < 0.5) {
      const { code, details } = await grpc.export(one.service, body);
      assert.ok(code === status.OK || code === status.INVALID_ARGUMENT, `${code} ${details}: ${body.toString('hex')}`);
      answer = `grpc ${code}`;
    } else {
      const headers = { 'content-type': inJson ? 'application/json' : 'application/x-protobuf' };
      const response = await post(`${httpUrl}/v1/${one.signal}`, body, headers);
      const text = await response.text();
      assert.ok([200, 400].includes(response.status), `${response.status} ${text}: ${body.toString('hex')}`);
      answer = `http ${response.status}`;
    }
    seen.set(answer, (seen.get(answer) ?? 0) + 1);
  };
  for (let i = 0; i < mutations; i += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, j) => sendOne(i + j)));
  }
  // Each way was taken, and each both took and refused.
  for (const answer of ['grpc 0', 'grpc 3', 'http 200', 'http 400']) {
    assert.ok((seen.get(answer) ?? 0) > 50, `${answer}: ${seen.get(answer)}`);
  }
  // What was stored can be read.
  assert.ok(summary(evidence).received.spans > 100);
  for (const table of ['spans', 'logs', 'points', 'exemplars', 'gaps']) {
    assert.ok(evidence.db.prepare(`SELECT * FROM ${table}`).all().length > 0, table);
  }
  for (const { service, type, json } of cases) {
    assert.equal((await grpc.export(service, encode(type, json))).code, status.OK);
  }
});
