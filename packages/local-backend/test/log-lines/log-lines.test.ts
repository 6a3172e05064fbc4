import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { listServices, openEvidence, recentLogs, summary } from '@clew/evidence';
import { createLogLines } from '../../src/log-lines/log-lines.ts';
import { createStore } from '../../src/store/store.ts';
import { gapsOf, startBackend, until } from '../support/backend.ts';

const query = '/api/logs?service.name=prom-otel&service.namespace=clew';

function openStream(apiUrl: string): ClientRequest {
  return request(apiUrl + query, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' } });
}

function linesOf(count: number): string {
  return Array.from({ length: count }, (_, i) => `${JSON.stringify({ level: 'info', msg: `line ${i}` })}\n`).join('');
}

async function answerOf(stream: ClientRequest): Promise<{ status: number | undefined; json: Record<string, unknown> }> {
  const [response] = await once(stream, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, json: JSON.parse(text) };
}

test('a stream in odd chunks is stored line by line, and its end is the answer', async (t) => {
  const { apiUrl, evidence } = await startBackend(t);
  const text = Array.from(
    { length: 1200 },
    (_, i) => `${JSON.stringify({ level: 'info', msg: `grüße ${i}`, i })}\n`,
  ).join('');
  const bytes = Buffer.from(`${text}no JSON\nlast line without an end`);
  const stream = openStream(apiUrl);
  for (let at = 0; at < bytes.length; at += 777) stream.write(bytes.subarray(at, at + 777));
  stream.end();
  const { status, json } = await answerOf(stream);
  assert.deepEqual([status, json], [200, { lines: 1202, cut: 0, lost: 0 }]);
  const logs = recentLogs(evidence, { service: 'prom-otel', limit: 2000 }).reverse();
  assert.deepEqual(
    logs.slice(0, 1200).map(({ body }) => body),
    Array.from({ length: 1200 }, (_, i) => `grüße ${i}`),
  );
  assert.deepEqual(
    logs.slice(1200).map(({ body, level }) => [body, level]),
    [
      ['no JSON', null],
      ['last line without an end', null],
    ],
  );
  assert.deepEqual(listServices(evidence)[0]?.resources, [
    { 'service.name': 'prom-otel', 'service.namespace': 'clew' },
  ]);
});

test('lines are stored while the stream is open', async (t) => {
  const { apiUrl, evidence } = await startBackend(t);
  const stream = openStream(apiUrl);
  stream.on('error', () => {}).write('one\ntwo\nthr');
  await until('two lines are stored', () => summary(evidence).held.logs === 2);
  stream.end('ee\n');
  await answerOf(stream);
  assert.equal(summary(evidence).held.logs, 3);
});

test('the end of a stream waits for what is just being stored', async (t) => {
  const evidence = openEvidence();
  t.after(() => evidence.close());
  const store = createStore(evidence, 1e6, () => {});
  const writing = Promise.withResolvers<void>();
  const write: typeof store.write = (batches, records) => {
    writing.resolve();
    return store.write(batches, records);
  };
  async function* chunks() {
    yield Buffer.from('one\n');
    await writing.promise;
  }
  await createLogLines({ ...store, write }).read(Readable.from(chunks()), { 'service.name': 'prom-otel' });
  assert.equal(summary(evidence).held.logs, 1);
});

test('a stream that breaks off leaves what it had', async (t) => {
  const { apiUrl, evidence } = await startBackend(t);
  const stream = openStream(apiUrl).on('error', () => {});
  stream.write('one\nhalf', () => stream.destroy());
  await until('both are stored', () => summary(evidence).held.logs === 2);
});

test('a stream that breaks off loses nothing that has come, and is counted', async (t) => {
  const { apiUrl, evidence } = await startBackend(t);
  const stream = openStream(apiUrl).on('error', () => {});
  stream.write(linesOf(20_000), () => stream.destroy());
  await until('the gap is written', () => gapsOf(evidence, 'rejected')['logs: log stream broke off'] === 1);
  assert.equal(summary(evidence).held.logs, 20_000);
});

test('closing the backend stores what an open stream had', async (t) => {
  const evidence = openEvidence();
  t.after(() => evidence.close());
  const { apiUrl, close } = await startBackend(t, { evidence });
  const stream = openStream(apiUrl).on('error', () => {});
  stream.write('one\ntwo\nhalf');
  await until('the lines with an end are stored', () => summary(evidence).held.logs === 2);
  await close();
  assert.deepEqual(
    recentLogs(evidence).map(({ body }) => body),
    ['half', 'two', 'one'],
  );
  assert.deepEqual(gapsOf(evidence, 'rejected'), { 'logs: log stream broke off': 1 });
});

test('closing the backend stores what was written to an open stream just before', async (t) => {
  const evidence = openEvidence();
  t.after(() => evidence.close());
  const { apiUrl, close } = await startBackend(t, { evidence });
  const stream = openStream(apiUrl).on('error', () => {});
  stream.write('one\n');
  await until('the stream is open', () => summary(evidence).held.logs === 1);
  stream.write(linesOf(5000));
  await close();
  assert.equal(summary(evidence).held.logs, 5001);
});

test('a stream that never pauses does not keep the backend from closing', async (t) => {
  const { apiUrl, evidence, close } = await startBackend(t);
  const stream = openStream(apiUrl).on('error', () => {});
  const timer = setInterval(() => stream.write('one\n'), 5);
  t.after(() => clearInterval(timer));
  await until('the stream is open', () => summary(evidence).held.logs > 0);
  await close();
});

test('the end of a line that is too long is counted', async (t) => {
  const { apiUrl, evidence, flush } = await startBackend(t);
  const stream = openStream(apiUrl);
  stream.end(`${'x'.repeat(100_000)}\nshort\n`);
  const { json } = await answerOf(stream);
  assert.deepEqual(json, { lines: 2, cut: 1, lost: 0 });
  await flush();
  assert.deepEqual(gapsOf(evidence, 'rejected'), { 'logs: end of a line over 65536 bytes': 1 });
});

test('a store that fails does not end the stream, but is told at its end', async (t) => {
  const { apiUrl, evidence } = await startBackend(t);
  evidence.db.exec('PRAGMA query_only = ON');
  const stream = openStream(apiUrl);
  stream.end('one\n'.repeat(3));
  const { status, json } = await answerOf(stream);
  assert.equal(status, 503);
  assert.deepEqual(json, { lines: 3, cut: 0, lost: 3, error: 'not stored: attempt to write a readonly database' });
  evidence.db.exec('PRAGMA query_only = OFF');
  await until('the loss is written down', async () => {
    await fetch(`${apiUrl}/api/summary`);
    return gapsOf(evidence, 'rejected')['logs: store failed'] === 3;
  });
});

test('a stream without a service is refused', async (t) => {
  const { apiUrl } = await startBackend(t);
  const response = await fetch(`${apiUrl}/api/logs`, { method: 'POST', body: 'a\n' });
  assert.equal(response.status, 400);
  assert.match(await response.text(), /service\.name/);
});

test('a stream without content is nothing', async (t) => {
  const { apiUrl } = await startBackend(t);
  const response = await fetch(apiUrl + query, { method: 'POST' });
  assert.deepEqual(await response.json(), { lines: 0, cut: 0, lost: 0 });
});
