import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createClient } from '../../../src/http/client.ts';
import { createLokiReader } from '../../../src/readers/loki/reader.ts';
import { lokiKind } from '../../../src/stores.ts';
import { fakeLoki } from '../../support/fake-loki.ts';
import { type Answer, type Asked, fakeServer, notFound } from '../../support/fake-server.ts';
import { recordingSink } from '../../support/recording-sink.ts';
import { type Served, twoMinutes } from '../../support/requests.ts';

const requests = twoMinutes(Date.now() * 1000);
const window = { sinceUs: 0, untilUs: Date.now() * 1000 };

async function read(t: TestContext, answer: (asked: Asked) => Answer, mostLines = 1_000_000) {
  const { url, asked } = await fakeServer(t, answer);
  const client = createClient(lokiKind, { url, headers: {}, rate: 1000 });
  const { sink, batches, gaps } = recordingSink();
  const reader = createLokiReader(client, '{service_name=~".+"}', mostLines, sink);
  t.after(() => reader.close());
  await reader.ping();
  const reached = await reader.read(window);
  const logs = batches.flatMap((batch) => batch.logs ?? []).sort((a, b) => a.timeUs - b.timeUs);
  return { reached, logs, gaps, asked: asked.filter(({ path }) => path.endsWith('query_range')) };
}

test('reads every line once, in pages of what the store allows, whether metadata comes apart or merged', async (t) => {
  const apart = await read(t, fakeLoki(requests, { mostEntries: 7 }));
  assert.deepEqual(new Set(apart.logs.map(({ spanId }) => spanId)), new Set(requests.map(({ spanId }) => spanId)));
  assert.equal(apart.logs.length, requests.length);
  assert.equal(apart.reached, window.untilUs);
  assert.deepEqual(new Set(apart.asked.map(({ query }) => query.get('limit'))), new Set(['2000', '7']));

  const merged = await read(t, (asked) => fakeLoki(requests)({ ...asked, headers: {} }));
  assert.deepEqual(merged.logs, apart.logs);
});

test('loses none of the lines of one moment at the end of a page, and takes none twice', async (t) => {
  const earlier = requests.slice(0, 5);
  const moment = (earlier.at(-1)?.startUs ?? 0) + 500_000;
  const together = requests.slice(5, 15).map((request) => ({ ...request, startUs: moment, durationUs: 1000 }));
  const later = { ...(together[0] as Served), spanId: 'eeeeeeeeeeeeeeee', startUs: moment + 5_000_000 };
  // The first page ends in the middle of the moment.
  const { logs, gaps } = await read(t, fakeLoki([...earlier, ...together, later], { mostEntries: 12 }));
  assert.equal(new Set(logs.map(({ spanId }) => spanId)).size, 16);
  assert.deepEqual([logs.length, gaps], [16, []]);
});

test('says so when more lines have one time than a page takes, and goes on after them', async (t) => {
  const [first] = requests as [Served];
  const together = requests.slice(0, 30).map((request) => ({ ...request, startUs: first.startUs, durationUs: 1000 }));
  const later = { ...first, spanId: 'eeeeeeeeeeeeeeee', startUs: first.startUs + 5_000_000 };
  const { logs, gaps } = await read(t, fakeLoki([...together, later], { mostEntries: 10 }));
  assert.deepEqual(gaps, [['logs', 'lines of one nanosecond after the first 10', 1]]);
  assert.ok(logs.some(({ spanId }) => spanId === later.spanId));
});

test('ends after --max-lines, says so, and until when it got', async (t) => {
  const { reached, logs, gaps } = await read(t, fakeLoki(requests, { mostEntries: 10 }), 50);
  assert.ok(logs.length >= 50 && logs.length < 60);
  assert.equal(reached, logs.at(-1)?.timeUs);
  assert.deepEqual(gaps, [['logs', 'lines after the first 50 (--max-lines)', 1]]);
});

test('asks for less where a page is too large for the store', async (t) => {
  const loki = fakeLoki(requests);
  const { logs } = await read(t, (asked) => {
    if (Number(asked.query.get('limit')) <= 100) return loki(asked);
    return { text: 'rpc error: received message larger than max (5 vs. 4)', status: 500 };
  });
  assert.equal(logs.length, requests.length);
});

test('knows a store that is no Loki', async (t) => {
  await assert.rejects(
    read(t, () => notFound),
    /404, its API is not at this address: give what comes before \/loki/,
  );
  await assert.rejects(
    read(t, () => ({ json: { services: [] } })),
    /this is no Loki/,
  );
});

test('asks for no more lines than are wanted', async (t) => {
  const { asked, logs } = await read(t, fakeLoki(requests), 50);
  assert.deepEqual([asked.map(({ query }) => query.get('limit')), logs.length], [['50'], 50]);
});
