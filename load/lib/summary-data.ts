/** What k6 hands to `handleSummary`, as far as it is used here. */
export interface SummaryData {
  metrics: Metrics;
  state: { testRunDurationMs: number };
  /** Undefined when setup did not get to its end. */
  setup_data?: SetupData | null | undefined;
}

/** What setup returns, which k6 passes on as JSON. */
export interface SetupData {
  /** Why there is no run; null when there is one. */
  notRun: string | null;
  /** When the load began, in milliseconds since the epoch. */
  startedMs: number;
}

export type Metrics = Record<string, Metric>;

export interface Metric {
  type: 'counter' | 'gauge' | 'rate' | 'trend';
  values: Record<string, number>;
  thresholds?: Record<string, { ok: boolean }>;
}

/** Why there was no run, of which k6 would say that every threshold holds; undefined when there was one. */
export function whyNotRun({ metrics, setup_data: setup }: SummaryData): string | undefined {
  if (setup === undefined || setup === null) return 'setup did not get to its end; k6 says why below';
  if (setup.notRun !== null) return setup.notRun;
  return metrics.iterations?.values.count === 0 ? 'stopped before the first iteration was over' : undefined;
}
