import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../lib/judge.ts';
import type { Metrics } from '../lib/summary-data.ts';

const timeline = { baseline: 8, fault: 12, recovery: 10 };

/** Whether a threshold on this metric is judged in a run that was stopped then, of which k6 says `ok`. */
function judged(metric: string, afterSeconds: number, { expression = 'p(95)<250', ok = true } = {}): boolean | null {
  const metrics: Metrics = { [metric]: { type: 'trend', values: {}, thresholds: { [expression]: { ok } } } };
  return judge(metrics, timeline, { afterSeconds, ofSeconds: 30 })[0]?.ok ?? null;
}

test('of a run that was stopped, thresholds are judged whose phase was over', () => {
  for (const [phase, end] of [
    ['baseline', 8],
    ['fault', 20],
  ] as const) {
    for (const metric of [`errors{phase:${phase}}`, `errors{route:/,phase:${phase},service:shop}`]) {
      assert.equal(judged(metric, end - 0.1), null, metric);
      assert.equal(judged(metric, end), true, metric);
      assert.equal(judged(metric, end, { ok: false }), false, metric);
    }
  }
  for (const metric of ['errors{phase:recovery}', 'dropped_iterations', 'release_duration{stage:canary}']) {
    assert.equal(judged(metric, 29), null, metric);
  }
});

test('what cannot hold any more is judged at any time, what may still fail is not', () => {
  for (const expression of ['rate==0', 'count==0']) {
    assert.equal(judged('errors{phase:fault}', 9, { expression, ok: false }), false);
    assert.equal(judged('errors{phase:fault}', 9, { expression, ok: true }), null);
  }
  assert.equal(judged('samples', 9, { expression: 'count>=40', ok: false }), null);
});

test('of a whole run every threshold is judged, with the value of its statistic', () => {
  const metrics: Metrics = {
    'd{a:b}': { type: 'trend', values: { 'p(95)': 12 }, thresholds: { 'p(95)<50': { ok: true } } },
  };
  assert.deepEqual(judge(metrics, timeline, undefined), [
    { metric: 'd{a:b}', expression: 'p(95)<50', ok: true, value: 12 },
  ]);
});
