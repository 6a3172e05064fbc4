import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createClient } from '../../../src/http/client.ts';
import { createJaegerReader } from '../../../src/readers/jaeger/reader.ts';
import { jaegerKind } from '../../../src/stores.ts';
import { fakeJaeger } from '../../support/fake-jaeger.ts';
import { type Answer, type Asked, fakeServer } from '../../support/fake-server.ts';
import { listAll } from '../../support/list-all.ts';
import { recordingSink } from '../../support/recording-sink.ts';
import { type Served, twoMinutes } from '../../support/requests.ts';

const requests = twoMinutes(Date.now() * 1000);
const traceIds = new Set(requests.map(({ traceId }) => traceId));
const window = { sinceUs: Date.now() * 1000 - 3_600_000_000, untilUs: Date.now() * 1000 };

async function jaeger(t: TestContext, answer: (asked: Asked) => Answer) {
  const { url, asked } = await fakeServer(t, answer);
  const { sink, batches } = recordingSink();
  const reader = createJaegerReader(createClient(jaegerKind, { url, headers: {}, rate: 1000 }), { services: [] }, sink);
  t.after(() => reader.close());
  return { reader, asked, batches };
}

test('lists the traces of every service in pages of time, and writes each of them once', async (t) => {
  const { reader, batches, asked } = await jaeger(t, fakeJaeger(requests));
  const { ids, complete } = await listAll(reader.list(window, []));
  assert.deepEqual([new Set(ids), complete], [traceIds, true]);
  const spans = batches.flatMap((batch) => batch.spans ?? []);
  assert.equal(new Set(spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`)).size, spans.length);
  assert.equal(spans.filter(({ kind }) => kind === 2).length, requests.length);

  const before = asked.length;
  assert.equal(await reader.resolve(ids[0] ?? ''), true);
  assert.equal(asked.length, before, 'a trace that came with the listing is not asked for again');
});

test('lists the services that other signals know of', async (t) => {
  const { reader, asked } = await jaeger(t, fakeJaeger(requests));
  await listAll(reader.list(window, ['full-otel', 'prom-otel']));
  assert.ok(asked.every(({ path }) => path === '/api/v3/traces'));
  assert.match(asked[0]?.query.get('query.start_time_min') ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
});

test('says that there is more where a moment has more traces than an answer', async (t) => {
  const [first] = requests as [Served];
  const together = Array.from({ length: 60 }, (_, i) => ({
    ...first,
    traceId: (i + 1).toString(16).padStart(32, 'e'),
  }));
  const { reader } = await jaeger(t, fakeJaeger(together));
  const { ids, complete } = await listAll(reader.list(window, ['full-otel']));
  assert.deepEqual([new Set(ids).size, complete], [50, false]);
});

test('lists all traces of a busy moment', async (t) => {
  const [first] = requests as [Served];
  const busy = Array.from({ length: 400 }, (_, i) => ({
    ...first,
    traceId: (i + 1).toString(16).padStart(32, '0'),
    startUs: first.startUs + i * 1000,
  }));
  const { reader } = await jaeger(t, fakeJaeger(busy));
  const { ids, complete } = await listAll(reader.list(window, ['full-otel']));
  assert.deepEqual([new Set(ids).size, complete], [400, true]);
});

test('gets a trace by its id, and knows one that is not there', async (t) => {
  const [first] = requests as [Served];
  const { reader, batches } = await jaeger(t, fakeJaeger(requests));
  assert.equal(await reader.resolve(first.traceId), true);
  assert.equal(batches.flatMap((batch) => batch.spans ?? []).length, 3);
  assert.equal(await reader.resolve('f'.repeat(32)), false);
});

test('knows a store that is no Jaeger', async (t) => {
  const { reader } = await jaeger(t, () => ({ json: { status: 'success' } }));
  await assert.rejects(reader.ping(), /this is no Jaeger: give what comes before \/api\/v3/);
});

test('asks for less where an answer is too large, and says so where a moment is', async (t) => {
  const fake = fakeJaeger(requests);
  const tooLarge: Answer = { text: 'grpc: received message larger than max (5 vs. 4)', status: 500 };
  const wide = ({ query }: Asked) => {
    const [since = 0, until = 0] = ['min', 'max'].map((end) => Date.parse(query.get(`query.start_time_${end}`) ?? ''));
    return until - since > 60_000;
  };
  const { reader } = await jaeger(t, (asked) =>
    asked.path === '/api/v3/traces' && wide(asked) ? tooLarge : fake(asked),
  );
  const { ids, complete } = await listAll(reader.list(window, []));
  assert.deepEqual([new Set(ids), complete], [traceIds, true]);

  const always = await jaeger(t, () => tooLarge);
  await assert.rejects(listAll(always.reader.list(window, ['full-otel'])), /larger than max/);
});
