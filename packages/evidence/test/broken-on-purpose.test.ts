import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checks } from '../src/checks/all.ts';
import { resultOf } from './checks/one-check.ts';
import { evidenceOf, goodRun, type Run, START_US } from './run.ts';

/** Of a list that is not empty. */
function first<Record>([record]: Record[]): Record {
  assert.ok(record);
  return record;
}

/** By check: what breaks the hop that it guards. The tests in `checks/` say more of each. */
const breaks: Record<string, (run: Run) => unknown> = {
  'exemplar-trace': (run) => run['full-otel'].spans.shift(),
  'exemplar-complete': (run) => run['full-otel'].spans.pop(), // the CLIENT span between the services
  'exemplar-series': (run) =>
    Object.assign(first(run['prom-otel'].exemplars), { labels: { http_route: '/elsewhere' } }),
  'exemplar-value': (run) => Object.assign(first(run['prom-otel'].exemplars), { value: 7 }),
  'exemplar-sampled': (run) => {
    run['full-otel'].spans.shift();
    first(run['full-otel'].logs).traceFlags = 0;
  },
  'exemplar-coverage': (run) => run['prom-otel'].exemplars.splice(0),
  'log-trace': (run) => Object.assign(first(run['full-otel'].logs), { spanId: 'c'.repeat(16) }),
  'trace-logs': (run) => run['full-otel'].logs.shift(),
  'orphan-spans': (run) => run['full-otel'].spans.pop(),
  'multi-root': (run) => delete run['prom-otel'].spans.at(-1)?.parentSpanId,
  'valid-ids': (run) => Object.assign(first(run['full-otel'].logs), { traceId: '[object Object]' }),
  'service-name': (run) => delete run['prom-otel'].resource.attributes['service.name'],
  'same-resource': (run) => run['prom-otel'].logs.push(...run['full-otel'].logs.splice(0)),
  'request-counts': (run) => run['prom-otel'].points.shift(),
  'bucket-bounds': (run) => Object.assign(first(run['prom-otel'].points).histogram ?? {}, { bounds: [1, 3] }),
  'series-limit': (run) => {
    const { points } = run['prom-otel'];
    for (let i = 0; i <= 200; i += 1) {
      const labels = { path: `/users/${i}` };
      points.push({ metric: 'asked', type: 'counter', labels, timeUs: START_US, source: 'scrape', value: 1 });
    }
  },
  secrets: (run) => Object.assign(first(run['full-otel'].logs), { body: 'login failed: password=correct-horse' }),
};

test('every check there is gets broken', () => {
  assert.deepEqual(
    Object.keys(breaks),
    checks.map(({ name }) => name),
  );
});

for (const [name, breakIt] of Object.entries(breaks)) {
  test(`${name} names what is broken`, () => {
    const run = goodRun();
    breakIt(run);
    const { status, examples } = resultOf(name, evidenceOf(run));
    assert.equal(status, 'falls-short');
    assert.ok(examples.length > 0);
  });
}
