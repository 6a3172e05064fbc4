import type { Profile } from '../lib/play.ts';

/** A steady rate that jumps to `factor` times as much within a second, stays there, and falls back. */
export function spike(perSecond: number, times: number): Profile {
  return ({ baseline, fault, recovery }, factor) => {
    const usual = Math.max(1, Math.round(perSecond * factor * 60));
    const peak = usual * times;
    return {
      executor: 'ramping-arrival-rate',
      startRate: usual,
      timeUnit: '1m',
      stages: [
        { duration: `${baseline}s`, target: usual },
        { duration: '1s', target: peak },
        { duration: `${fault - 1}s`, target: peak },
        { duration: '1s', target: usual },
        { duration: `${recovery - 1}s`, target: usual },
      ],
      preAllocatedVUs: Math.ceil((peak / 60) * 2) + 5,
    };
  };
}
