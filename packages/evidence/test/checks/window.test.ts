import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Batch, type Evidence, runChecks } from '../../src/index.ts';
import { evidenceOf, goodRun, type Run, START_US } from '../run.ts';

const HOUR_US = 3_600_000_000;
const BETWEEN_US = START_US + HOUR_US / 2;

/** The same an hour later. */
function later(run: Run): Run {
  for (const { spans, logs, points, exemplars } of [run['full-otel'], run['prom-otel']]) {
    for (const span of spans) span.startUs += HOUR_US;
    for (const record of [...logs, ...points, ...exemplars]) record.timeUs += HOUR_US;
    for (const point of points) point.startUs = Number(point.startUs) + HOUR_US;
  }
  return run;
}

/** What breaks the checks whose subjects are series and resources, which have no time of their own. */
function brokenHour(): Batch[] {
  const lost = goodRun()['full-otel'];
  const [span] = lost.spans;
  const series = (i: number) => ({ id: `${i}`, mail: 'alice@example.com' });
  const point = { metric: 'asked', type: 'counter', timeUs: START_US, source: 'scrape', value: 1 } as const;
  const histogram = { bounds: [1, 3], counts: [1, 0, 0], count: 1 };
  const [request] = lost.points;
  assert.ok(span && request);
  return [
    { resource: { attributes: {} }, points: Array.from({ length: 201 }, (_, i) => ({ ...point, labels: series(i) })) },
    { resource: { attributes: { 'service.name': 'lost', 'service.version': '2' } }, spans: [span] },
    { resource: { attributes: { 'service.name': 'lost', 'service.version': '1' } }, logs: lost.logs.slice(0, 1) },
    { resource: { attributes: { 'service.name': 'shop' } }, points: [{ ...request, histogram }] },
  ];
}

function namesThatFallShort(evidence: Evidence, window: { since?: number; until?: number }): string[] {
  const results = runChecks(evidence, window).filter(({ name }) => name !== 'request-counts');
  assert.ok(results.every(({ status }) => status !== 'nothing-to-check'));
  return results.filter(({ status }) => status === 'falls-short').map(({ name }) => name);
}

test('every check but the counts looks at what there was in the window', (t) => {
  const evidence = evidenceOf(goodRun());
  evidence.write(brokenHour());
  evidenceOf(later(goodRun()), evidence);
  t.after(() => evidence.close());
  const broken = ['exemplar-coverage', 'service-name', 'same-resource', 'bucket-bounds', 'series-limit', 'secrets'];
  assert.deepEqual(namesThatFallShort(evidence, { until: BETWEEN_US }), broken);
  assert.deepEqual(namesThatFallShort(evidence, { since: BETWEEN_US }), []);
});
