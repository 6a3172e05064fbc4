import type { Profile } from '../lib/play.ts';
import { lengthOf } from '../lib/timeline.ts';

/**
 * Climbs without a stop to `times` the usual rate: with thresholds that abort, it ends where the service does.
 *
 * @param perSecond iterations
 * @param seconds the longest that one takes
 */
export function breakpoint(perSecond: number, times: number, seconds = 2): Profile {
  return (timeline, factor) => {
    const usual = Math.max(1, Math.round(perSecond * factor * 60));
    return {
      executor: 'ramping-arrival-rate',
      startRate: usual,
      timeUnit: '1m',
      stages: [{ duration: `${lengthOf(timeline)}s`, target: usual * times }],
      // All of them before the start: an iteration that waits for its VU would be taken for the end.
      preAllocatedVUs: Math.ceil(perSecond * factor * times * seconds) + 5,
    };
  };
}
