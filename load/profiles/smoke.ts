import type { Profile } from '../lib/play.ts';
import { lengthOf } from '../lib/timeline.ts';

/** A few iterations one after another, as fast as answers come. */
export function smoke(iterations: number): Profile {
  return (timeline) => ({
    executor: 'shared-iterations',
    vus: 1,
    iterations,
    maxDuration: `${lengthOf(timeline)}s`,
  });
}
