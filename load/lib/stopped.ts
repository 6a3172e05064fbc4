import type { Options } from 'k6/options';
import type { SummaryData } from './summary-data.ts';
import { lengthOf, type Timeline } from './timeline.ts';

/** A gauge that teardown sets: the seconds since setup, whatever ended the load. */
export const LOAD_SECONDS = 'load_seconds';

/** What a run is to be. */
export interface Plan {
  timeline: Timeline;
  /** Of a load that is over when they are. */
  iterations: number | undefined;
  /** Seconds between two iterations at the end, where k6 ends with the last of them and not with the last stage. */
  lastGap: number;
  /** Thresholds that end the run when they do not hold. */
  ending: { metric: string; expression: string }[];
}

/** How far a run got that was stopped before its end. */
export interface Stopped {
  afterSeconds: number;
  ofSeconds: number;
}

/** @param options before k6 takes them: it makes something else of the object that it is given. */
export function planOf(timeline: Timeline, options: Pick<Options, 'scenarios' | 'thresholds'>): Plan {
  const load = options.scenarios?.load;
  const ending = Object.entries(options.thresholds ?? {}).flatMap(([metric, thresholds]) =>
    thresholds.flatMap((one) =>
      typeof one === 'object' && one.abortOnFail ? [{ metric, expression: one.threshold }] : [],
    ),
  );
  return {
    timeline,
    ending,
    iterations: load?.executor === 'shared-iterations' ? load.iterations : undefined,
    lastGap: load?.executor === 'ramping-arrival-rate' ? 60 / (load.startRate ?? 1) : 0, // all are given by the minute
  };
}

/** Undefined when the run got to its end: its time or its iterations were over, or a threshold ended it. */
export function whereStopped({ metrics, state }: SummaryData, plan: Plan): Stopped | undefined {
  // Without it not even teardown was over: that is a second Ctrl-C.
  const afterSeconds = metrics[LOAD_SECONDS]?.values.value ?? state.testRunDurationMs / 1000;
  const ofSeconds = lengthOf(plan.timeline);
  const done = plan.iterations !== undefined && metrics.iterations?.values.count === plan.iterations;
  const ended = plan.ending.some(({ metric, expression }) => metrics[metric]?.thresholds?.[expression]?.ok === false);
  return afterSeconds >= ofSeconds - plan.lastGap || done || ended ? undefined : { afterSeconds, ofSeconds };
}
