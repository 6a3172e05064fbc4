import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseAt } from '../lib/timeline.ts';

const timeline = { baseline: 10, fault: 20, recovery: 10 };

test('every moment has its phase, and what is near a change has none', () => {
  const phases = [0, 8.9, 9.5, 11.9, 12, 28.9, 29.5, 31.9, 32, 39].map((seconds) => phaseAt(timeline, seconds));
  assert.deepEqual(phases, [
    'baseline',
    'baseline',
    'edge',
    'edge',
    'fault',
    'fault',
    'edge',
    'edge',
    'recovery',
    'recovery',
  ]);
});
