import type { Profile } from '../lib/play.ts';
import { lengthOf } from '../lib/timeline.ts';

/**
 * The same rate from the start to the end, whether answers come or not.
 *
 * @param perSecond iterations
 * @param seconds the longest that one takes: there have to be enough VUs for all that are under way
 */
export function steady(perSecond: number, seconds = 2): Profile {
  return (timeline, factor) => ({
    executor: 'constant-arrival-rate',
    rate: Math.max(1, Math.round(perSecond * factor * 60)),
    timeUnit: '1m',
    duration: `${lengthOf(timeline)}s`,
    preAllocatedVUs: Math.ceil(perSecond * factor * seconds) + 5,
  });
}
