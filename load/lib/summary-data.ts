/** What k6 hands to `handleSummary`, as far as it is used here. */
export interface SummaryData {
  metrics: Metrics;
  state: { testRunDurationMs: number };
}

export type Metrics = Record<string, Metric>;

export interface Metric {
  type: 'counter' | 'gauge' | 'rate' | 'trend';
  values: Record<string, number>;
  thresholds?: Record<string, { ok: boolean }>;
}

/** A threshold and how it went. */
export interface Judged {
  metric: string;
  /** As in `rate<0.01`. */
  expression: string;
  ok: boolean;
  value: number | undefined;
}

/** Every threshold of a run, in the order of the metrics. */
export function thresholdsOf(metrics: Metrics): Judged[] {
  return Object.entries(metrics).flatMap(([metric, { values, thresholds = {} }]) =>
    Object.entries(thresholds).map(([expression, { ok }]) => {
      const [, statistic = ''] = /^\s*([a-z]+(?:\([\d.]+\))?)/.exec(expression) ?? [];
      return { metric, expression, ok, value: values[statistic] };
    }),
  );
}
