import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExemplars } from '../../../src/readers/prometheus/exemplars.ts';

const all = { sinceUs: 0, untilUs: Number.MAX_SAFE_INTEGER };

/** From the documentation of query_exemplars. */
const documented = {
  seriesLabels: { __name__: 'test_exemplar_metric_bucket', instance: 'localhost:8090', job: 'prometheus', le: '+Inf' },
  exemplars: [
    { labels: { trace_id: 'EpTxMJ40fUus7aGY' }, value: '6', timestamp: 1600096945.479 },
    { labels: { traceID: 'abc', spanID: 'def', user: 'x' }, value: '7', timestamp: 1600096955.479 },
    { labels: { user: 'x' }, value: '8', timestamp: 1600096955.479 },
  ],
};

test('reads bucket, ids as they came, value and time', () => {
  const { exemplars, withoutTrace, labels } = readExemplars(documented, all);
  const common = { metric: 'test_exemplar_metric', labels, source: 'scrape', le: Number.POSITIVE_INFINITY };
  assert.deepEqual(exemplars, [
    { ...common, value: 6, timeUs: 1600096945479000, traceId: 'EpTxMJ40fUus7aGY', spanId: '', attributes: {} },
    { ...common, value: 7, timeUs: 1600096955479000, traceId: 'abc', spanId: 'def', attributes: { user: 'x' } },
  ]);
  assert.deepEqual(labels, { instance: 'localhost:8090', job: 'prometheus' });
  assert.equal(withoutTrace, 1);
});

test('one at the edge of two slices is in one of them', () => {
  const edge = 1600096955479000;
  const earlier = readExemplars(documented, { sinceUs: 0, untilUs: edge }).exemplars;
  const later = readExemplars(documented, { sinceUs: edge, untilUs: edge + 1 }).exemplars;
  assert.deepEqual(
    [...earlier, ...later].map(({ value }) => value),
    [6, 7],
  );
});

test('a counter has no bucket', () => {
  const seriesLabels = { __name__: 'jobs_total', le: 'not a bound' };
  const { exemplars } = readExemplars({ ...documented, seriesLabels }, all);
  assert.deepEqual([exemplars[0]?.metric, exemplars[0]?.le], ['jobs_total', undefined]);
});
