import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openEvidence, runChecks, summary } from '@clew/evidence';
import { status } from '@grpc/grpc-js';
import { startLocalBackend } from '../src/index.ts';
import { startBackend } from './support/backend.ts';
import { encode } from './support/protobuf.ts';
import { cases } from './support/requests.ts';

test('what the three signals bring is linked', async (t) => {
  const { grpc, evidence } = await startBackend(t);
  for (const { service, type, json } of cases) await grpc.export(service, encode(type, json));
  const [exemplars, logs] = runChecks(evidence, { only: ['exemplar-trace', 'log-trace'] });
  assert.deepEqual([exemplars?.status, exemplars?.held, logs?.status, logs?.held], ['holds', 4, 'holds', 2]);
});

test('closing answers what is being stored, and can be asked for twice', async (t) => {
  const evidence = openEvidence();
  t.after(() => evidence.close());
  const backend = await startBackend(t, { evidence });
  const { service, type, json } = cases[0] ?? assert.fail();
  assert.equal((await backend.grpc.export(service, encode(type, json))).code, status.OK);
  await Promise.all([backend.close(), backend.close()]);
  await assert.rejects(fetch(backend.apiUrl));
  assert.equal(summary(evidence).held.spans, 2);
});

test('a port in use leaves nothing open', async (t) => {
  const { httpUrl } = await startBackend(t);
  const dir = await mkdtemp(join(tmpdir(), 'clew-'));
  t.after(() => rm(dir, { recursive: true }));
  const httpPort = Number(new URL(httpUrl).port);
  const file = join(dir, 'run.clew');
  await assert.rejects(startLocalBackend({ httpPort, file }), { code: 'EADDRINUSE', port: httpPort });
  openEvidence({ file, readOnly: true }).close();
});

test('only loopback is listened on', async (t) => {
  const { grpcUrl, httpUrl, apiUrl } = await startBackend(t);
  for (const url of [grpcUrl, httpUrl, apiUrl]) assert.equal(new URL(url).hostname, '127.0.0.1');
});

test('something that speaks no HTTP/2 does not harm the gRPC port', async (t) => {
  const { grpc, grpcUrl } = await startBackend(t);
  const socket = connect(Number(new URL(grpcUrl).port), '127.0.0.1');
  const closed = new Promise((resolve) => socket.on('close', resolve).on('error', () => {}));
  socket.resume().end('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await closed;
  const { service, type, json } = cases[0] ?? assert.fail();
  assert.equal((await grpc.export(service, encode(type, json))).code, status.OK);
});
