import type { Stopped } from './stopped.ts';
import type { Metrics } from './summary-data.ts';
import type { Timeline } from './timeline.ts';

/** A threshold and how it went. */
export interface Judged {
  metric: string;
  /** As in `rate<0.01`. */
  expression: string;
  /** Null when the run was stopped before that could be told, whatever k6 says of it. */
  ok: boolean | null;
  value: number | undefined;
}

/** Of one that does not hold, no later request makes it hold. */
const FINAL = /^(rate|count)==0$/;

/**
 * Every threshold of a run, in the order of the metrics. In a run that was stopped those are judged whose phase was over,
 * and those that cannot hold any more.
 */
export function judge(metrics: Metrics, timeline: Timeline, stopped: Stopped | undefined): Judged[] {
  return Object.entries(metrics).flatMap(([metric, { values, thresholds = {} }]) =>
    Object.entries(thresholds).map(([expression, { ok }]) => {
      const [, statistic = ''] = /^\s*([a-z]+(?:\([\d.]+\))?)/.exec(expression) ?? [];
      const told = stopped === undefined || isOver(metric, timeline, stopped) || (!ok && FINAL.test(expression));
      return { metric, expression, ok: told ? ok : null, value: values[statistic] };
    }),
  );
}

function isOver(metric: string, { baseline, fault }: Timeline, { afterSeconds, ofSeconds }: Stopped): boolean {
  const [, phase = ''] = /[{,]phase:(\w+)/.exec(metric) ?? [];
  const ends: Record<string, number> = { baseline, fault: baseline + fault };
  return afterSeconds >= (ends[phase] ?? ofSeconds);
}
