/** How long each part of a run takes, in seconds. */
export interface Timeline {
  baseline: number;
  fault: number;
  recovery: number;
}

/** `edge` is around a change, where a request may have met either side: it is sent and counted, and not judged. */
export type Phase = 'baseline' | 'fault' | 'recovery' | 'edge';

/** Seconds after a change that belong to no phase, and half of it before. */
const EDGE_S = 2;

/** The phase of a request that is sent so many seconds after the start of the load. */
export function phaseAt({ baseline, fault }: Timeline, seconds: number): Phase {
  const ended = baseline + fault;
  for (const change of [baseline, ended]) {
    if (seconds > change - EDGE_S / 2 && seconds < change + EDGE_S) return 'edge';
  }
  if (seconds < baseline) return 'baseline';
  return seconds < ended ? 'fault' : 'recovery';
}

export function lengthOf({ baseline, fault, recovery }: Timeline): number {
  return baseline + fault + recovery;
}
