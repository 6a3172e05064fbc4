import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breakpoint } from '../profiles/breakpoint.ts';
import { smoke } from '../profiles/smoke.ts';
import { spike } from '../profiles/spike.ts';
import { steady } from '../profiles/steady.ts';
import { stress } from '../profiles/stress.ts';

const timeline = { baseline: 10, fault: 20, recovery: 10 };

/** Seconds in all, and the rates of the stages, per minute. */
function stagesOf(profile: object) {
  const { stages } = profile as { stages: { duration: string; target: number }[] };
  const seconds = stages.reduce((sum, { duration }) => sum + Number.parseInt(duration, 10), 0);
  return { seconds, targets: stages.map(({ target }) => target) };
}

test('a spike lasts as long as the fault and falls back', () => {
  assert.deepEqual(stagesOf(spike(10, 5)(timeline, 1)), { seconds: 40, targets: [600, 3000, 3000, 600, 600] });
});

test('stress climbs in steps and comes back', () => {
  const { seconds, targets } = stagesOf(stress(1, 5)(timeline, 1));
  assert.equal(seconds, 40);
  assert.deepEqual([...new Set(targets)], [120, 180, 240, 300, 60]);
  const odd = { baseline: 10, fault: 20, recovery: 3 };
  assert.equal(stagesOf(stress(1, 5)(odd, 1)).seconds, 33, 'five do not divide it');
});

test('a breakpoint run climbs all the time', () => {
  assert.deepEqual(stagesOf(breakpoint(1, 10)(timeline, 2)), { seconds: 40, targets: [1200] });
});

test('rates are open models over the whole timeline, with the factor of the run', () => {
  const { executor, rate, timeUnit, duration } = { ...steady(20)(timeline, 0.5) } as Record<string, unknown>;
  assert.deepEqual([executor, rate, timeUnit, duration], ['constant-arrival-rate', 600, '1m', '40s']);
  assert.equal((smoke(20)(timeline, 1) as { iterations?: number }).iterations, 20);
});
