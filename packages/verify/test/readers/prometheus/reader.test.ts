import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createClient } from '../../../src/http/client.ts';
import { createPrometheusReader } from '../../../src/readers/prometheus/reader.ts';
import { prometheusKind } from '../../../src/stores.ts';
import { fakePrometheus } from '../../support/fake-prometheus.ts';
import { type Answer, type Asked, fakeServer } from '../../support/fake-server.ts';
import { recordingSink } from '../../support/recording-sink.ts';
import { twoMinutes } from '../../support/requests.ts';

const requests = twoMinutes(Date.now() * 1000);
const window = { sinceUs: Date.now() * 1000 - 3_600_000_000, untilUs: Date.now() * 1000 - 30_000_000 };

async function prometheus(t: TestContext, answer: (asked: Asked) => Answer, prefix = '') {
  const { url, asked } = await fakeServer(t, answer);
  const { sink, batches, gaps } = recordingSink();
  const client = createClient(prometheusKind, { url: `${url}${prefix}`, headers: {}, rate: 1000 });
  const reader = createPrometheusReader(client, '{service_name=~".+"}', sink);
  t.after(() => reader.close());
  return { reader, asked, batches, gaps };
}

test('reads exemplars, and points of the histogram that add up to the requests, in slices', async (t) => {
  const { reader, asked, batches } = await prometheus(t, fakePrometheus(requests, { before: 5 }));
  await reader.ping();
  await reader.read(window);
  const points = batches.flatMap((batch) => batch.points ?? []);
  const last = new Map(points.map(({ labels, histogram }) => [JSON.stringify(labels), histogram?.count ?? 0]));
  assert.equal(
    [...last.values()].reduce((sum, count) => sum + count, 0),
    requests.length,
  );
  assert.ok(
    points.every(({ labels, metric }) => !('le' in labels) && metric === 'http_server_request_duration_seconds'),
  );

  const exemplars = batches.flatMap((batch) => batch.exemplars ?? []);
  assert.equal(new Set(exemplars.map(({ spanId }) => spanId)).size, exemplars.length);
  assert.ok(exemplars.length >= 20 && exemplars.every(({ le = 0, value }) => value <= le));
  const services = new Set(batches.map(({ resource }) => resource.attributes['service.name']));
  assert.deepEqual(services, new Set(['full-otel', 'prom-otel']));

  assert.equal(asked.filter(({ path }) => path === '/api/v1/query_exemplars').length, 6);
  assert.ok(asked.every(({ query }) => !/increase|rate/.test(query.get('query') ?? '')));
});

test('other metrics are only counted as series', async (t) => {
  const answer = fakePrometheus(requests);
  const success = (data: unknown): Answer => ({ json: { status: 'success', data } });
  const { reader, batches } = await prometheus(t, (asked) => {
    if (asked.path.endsWith('/values'))
      return success(['jobs_total', 'wait_seconds_bucket', 'wait_seconds_count', 'wait_seconds_sum']);
    if (!asked.path.endsWith('/series')) return asked.path.endsWith('exemplars') ? success([]) : answer(asked);
    const [, name] = /__name__="([^"]*)"/.exec(asked.query.get('match[]') ?? '') ?? [];
    return success([1, 2].map((i) => ({ __name__: name, service_name: 'a', i: String(i) })));
  });
  await reader.read(window);
  const metrics = batches.flatMap((batch) => batch.points ?? []).map(({ metric, labels }) => `${metric} ${labels.i}`);
  assert.deepEqual(metrics, ['jobs_total 1', 'jobs_total 2', 'wait_seconds 1', 'wait_seconds 2']);
});

test('says that buckets of native histograms are not read', async (t) => {
  const answer = fakePrometheus(requests);
  const metric = { __name__: 'http_server_request_duration_seconds_bucket', service_name: 'a' };
  const native = { metric, values: [], histograms: [[Date.now() / 1000, { count: '1', sum: '1', buckets: [] }]] };
  const { reader, gaps } = await prometheus(t, (asked) =>
    asked.path.endsWith('/query')
      ? { json: { status: 'success', data: { resultType: 'matrix', result: [native] } } }
      : answer(asked),
  );
  await reader.read(window);
  assert.equal(gaps[0]?.[1], 'native histogram http_server_request_duration_seconds: its buckets are not read');
});

test('reads Mimir below its prefix', async (t) => {
  const { reader, batches } = await prometheus(t, fakePrometheus(requests, { prefix: '/prometheus' }), '/prometheus');
  await reader.ping();
  await reader.read(window);
  assert.ok(batches.length > 0);
});

test('finds the quiet moments around the requests, and none while they run', async (t) => {
  const { reader } = await prometheus(t, fakePrometheus(requests));
  assert.deepEqual(await reader.quietWindow(window), window);
  const middle = { sinceUs: requests[20]?.startUs ?? 0, untilUs: requests.at(-20)?.startUs ?? 0 };
  const why = await reader.quietWindow(middle);
  assert.ok(typeof why === 'string' && why.startsWith('requests at the ends of the window'));
});

test('refuses a part of the data, and a store that is no Prometheus', async (t) => {
  const partial = {
    status: 'success',
    data: { resultType: 'vector', result: [] },
    warnings: ['partial response: store down'],
  };
  const { reader } = await prometheus(t, () => ({ json: partial }));
  await assert.rejects(reader.ping(), /a part of its data only: partial response: store down/);
  const other = await prometheus(t, () => ({ json: { services: [] } }));
  await assert.rejects(other.reader.ping(), /this is no Prometheus: .* Mimir below \/prometheus/);
});

const TOO_MANY_SAMPLES = 'query processing would load too many samples into memory in query execution';
const tooLarge: Record<string, Answer> = {
  Mimir: { text: 'received message larger than max (5 vs. 4)', status: 500 },
  Prometheus: { json: { status: 'error', errorType: 'execution', error: TOO_MANY_SAMPLES }, status: 422 },
};
for (const [store, refusal] of Object.entries(tooLarge)) {
  test(`asks for less where an answer is too large for ${store}`, async (t) => {
    const fake = fakePrometheus(requests);
    const { reader, batches } = await prometheus(t, (asked) => {
      const [, rangeMs] = /\[(\d+)ms\]$/.exec(asked.query.get('query') ?? '') ?? [];
      const { start, end } = Object.fromEntries(asked.query);
      const exemplars = asked.path.endsWith('/query_exemplars');
      const seconds = exemplars ? Number(end) - Number(start) : Number(rangeMs ?? 0) / 1000;
      return seconds > 100 ? refusal : fake(asked);
    });
    assert.deepEqual(await reader.quietWindow(window), window);
    await reader.read(window);
    const points = batches.flatMap((batch) => batch.points ?? []);
    const last = new Map(points.map(({ labels, histogram }) => [JSON.stringify(labels), histogram?.count ?? 0]));
    assert.equal(
      [...last.values()].reduce((sum, count) => sum + count, 0),
      requests.length,
    );
    const spans = batches.flatMap((batch) => batch.exemplars ?? []).map(({ spanId }) => spanId);
    assert.ok(spans.length >= 20 && new Set(spans).size === spans.length);
  });
}

test('looks for quiet moments in slices', async (t) => {
  const { reader, asked } = await prometheus(t, fakePrometheus(requests));
  await reader.quietWindow(window);
  assert.ok(asked.length >= 6);
});

test('every warning is said', async (t) => {
  const { reader, gaps } = await prometheus(t, () => ({
    json: {
      status: 'success',
      data: { resultType: 'vector', result: [] },
      warnings: ['results truncated due to limit'],
    },
  }));
  await reader.ping();
  assert.deepEqual(gaps, [['metrics', 'Prometheus warns: results truncated due to limit', 1]]);
});
