import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createClient } from '../../../src/http/client.ts';
import type { Scope } from '../../../src/readers/reader.ts';
import { createTempoReader } from '../../../src/readers/tempo/reader.ts';
import { tempoKind } from '../../../src/stores.ts';
import { type Answer, type Asked, fakeServer } from '../../support/fake-server.ts';
import { fakeTempo } from '../../support/fake-tempo.ts';
import { listAll } from '../../support/list-all.ts';
import { recordingSink } from '../../support/recording-sink.ts';
import { type Served, twoMinutes } from '../../support/requests.ts';

const requests = twoMinutes(Date.now() * 1000);
const traceIds = new Set(requests.map(({ traceId }) => traceId));
const window = { sinceUs: Date.now() * 1000 - 3_600_000_000, untilUs: Date.now() * 1000 };

async function tempo(t: TestContext, answer: (asked: Asked) => Answer, scope: Scope = { services: [] }) {
  const { url, asked } = await fakeServer(t, answer);
  const { sink, batches, gaps } = recordingSink();
  const reader = createTempoReader(createClient(tempoKind, { url, headers: {}, rate: 1000 }), scope, sink);
  t.after(() => reader.close());
  return { reader, asked, batches, gaps };
}

test('lists every trace, with the zeros that Tempo leaves out', async (t) => {
  const { reader } = await tempo(t, fakeTempo(requests));
  const { ids, complete } = await listAll(reader.list(window, []));
  assert.deepEqual([new Set(ids), complete], [traceIds, true]);
});

test('halves a search that is full, until it is not', async (t) => {
  // 800 traces in two minutes, 200 a search.
  const many = requests.flatMap((request) =>
    ['1', '2', '3', '4', '5'].map((digit): Served => ({ ...request, traceId: request.traceId.replace(/^./, digit) })),
  );
  const { reader, asked } = await tempo(t, fakeTempo(many));
  const { ids, complete } = await listAll(reader.list(window, []));
  assert.deepEqual([new Set(ids), complete], [new Set(many.map(({ traceId }) => traceId)), true]);
  assert.ok(asked.length > 3);
});

test('says that there is more where a second has more traces than a search gives', async (t) => {
  const [first] = requests as [Served];
  const together = Array.from({ length: 300 }, (_, i) => ({
    ...first,
    traceId: (i + 1).toString(16).padStart(32, 'e'),
  }));
  const { reader } = await tempo(t, fakeTempo(together));
  const { ids, complete } = await listAll(reader.list(window, []));
  assert.deepEqual([new Set(ids).size, complete], [200, false]);
});

test('asks for a namespace and services, or for the services that other signals know', async (t) => {
  const named = await tempo(t, fakeTempo(requests), { namespace: 'clew', services: ['a.b'] });
  await listAll(named.reader.list(window, ['known']));
  const expected = '{ resource.service.namespace = "clew" && resource.service.name =~ "a\\\\.b" }';
  assert.equal(named.asked[0]?.query.get('q'), expected);
  const open = await tempo(t, fakeTempo(requests));
  await listAll(open.reader.list(window, ['known']));
  assert.equal(open.asked[0]?.query.get('q'), '{ resource.service.name =~ "known" }');
});

test('gets a whole trace by its id, and knows one that is not there', async (t) => {
  const [first] = requests as [Served];
  const { reader, batches } = await tempo(t, fakeTempo(requests));
  assert.equal(await reader.resolve(first.traceId), true);
  const spans = batches.flatMap((batch) => batch.spans ?? []);
  assert.deepEqual(
    spans.map(({ kind }) => kind),
    [2, 3, 2],
  );
  assert.ok(spans.every(({ traceId }) => traceId === first.traceId));
  assert.equal(await reader.resolve('f'.repeat(32)), false);
});

test('a 404 for a trace is no answer of Tempo: its API is older than 2.6, or not there', async (t) => {
  const { reader } = await tempo(t, () => ({ text: '404 page not found', status: 404 }));
  await assert.rejects(reader.resolve('f'.repeat(32)), /404, its API is not at this address: .* Tempo 2\.6 or newer/);
});

test('says when a trace is a part only', async (t) => {
  const { reader, gaps } = await tempo(t, () => ({ json: { trace: {}, status: 'PARTIAL', message: 'too large' } }));
  assert.equal(await reader.resolve('f'.repeat(32)), false);
  assert.deepEqual(gaps, [['traces', 'Tempo gave a part of a trace only: too large', 1]]);
});

test('knows a store that is no Tempo', async (t) => {
  const { reader } = await tempo(t, () => ({ json: { status: 'success', data: [] } }));
  await assert.rejects(reader.ping(), /this is no Tempo: give what comes before \/api\/search/);
});
