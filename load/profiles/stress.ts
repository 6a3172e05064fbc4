import type { Profile } from '../lib/play.ts';
import { lengthOf } from '../lib/timeline.ts';

const STEPS = 4;

/**
 * Climbs in steps of equal length to `times` the usual rate, and comes back for the rest of the timeline.
 *
 * @param perSecond iterations
 * @param seconds the longest that one takes
 */
export function stress(perSecond: number, times: number, seconds = 2): Profile {
  return (timeline, factor) => {
    const usual = Math.max(1, Math.round(perSecond * factor * 60));
    const step = Math.floor(lengthOf(timeline) / (STEPS + 1));
    const last = lengthOf(timeline) - STEPS * step;
    const climb = Array.from({ length: STEPS }, (_, n) => Math.round(usual * (1 + ((times - 1) * (n + 1)) / STEPS)));
    return {
      executor: 'ramping-arrival-rate',
      startRate: usual,
      timeUnit: '1m',
      stages: [...climb, usual].flatMap((target, n) => [
        { duration: '1s', target },
        { duration: `${(n < STEPS ? step : last) - 1}s`, target },
      ]),
      preAllocatedVUs: Math.ceil(perSecond * factor * times * seconds) + 5,
    };
  };
}
