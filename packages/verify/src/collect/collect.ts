import type { Evidence } from '@clew/evidence';
import type { LogReader, MetricReader, Sink, TraceReader, Window } from '../readers/reader.ts';
import { collectNoTraces, collectTraces } from './traces.ts';

/** The readers of the stores that were given. */
export interface Readers {
  metrics?: MetricReader;
  logs?: LogReader;
  traces?: TraceReader;
}

export interface Collected {
  /** What the checks may look at. */
  window: Window;
  /** Why some trace ids were not looked up, if so. */
  missing?: string;
  /** Checks that cannot be run on this evidence, and why. */
  setAside: Map<string, string>;
}

/** Lines and spans of a request at the edge of the window are read from beyond it. */
const MARGIN_US = 60_000_000;

/**
 * Fills evidence from stores: metrics, then logs, then the traces that both of them name.
 *
 * @param options.window what is asked for; less comes back when a quiet moment is near its edges, or there were too many
 *   lines.
 * @param options.limit traces to look up at most.
 * @throws {StoreError} when a store fails.
 */
export async function collect(
  evidence: Evidence,
  { metrics, logs, traces }: Readers,
  { window: wanted, limit, sink }: { window: Window; limit: number; sink: Sink },
): Promise<Collected> {
  const setAside = new Map<string, string>();
  const quiet = await metrics?.quietWindow(wanted);
  let window = quiet ?? wanted;
  // With quiet edges nothing lies beyond them, and every record that is read counts.
  const wide = quiet ?? { sinceUs: wanted.sinceUs - MARGIN_US, untilUs: wanted.untilUs + MARGIN_US };

  await metrics?.read(window);
  const reached = await logs?.read(wide);
  const cut = reached !== undefined && reached < wide.untilUs;
  if (cut) window = { ...window, untilUs: Math.min(window.untilUs, reached - MARGIN_US) };
  const read = traces ? await collectTraces(evidence, traces, { window, limit, sink }) : collectNoTraces(evidence);

  if (logs === undefined) setAside.set('trace-logs', 'no log store was given (--loki)');
  const uncounted = whyUncounted({ metrics: metrics !== undefined, quiet: quiet !== undefined, cut });
  if (uncounted !== undefined) setAside.set('request-counts', uncounted);
  else if (!read.complete) forgetSpanCounts(evidence);
  return { window, setAside, ...(read.missing !== undefined && { missing: read.missing }) };
}

/** Signals are read at different times, so that only what is over can be counted in all of them. */
function whyUncounted({ metrics, quiet, cut }: { metrics: boolean; quiet: boolean; cut: boolean }): string | undefined {
  if (!metrics) return 'no metric store was given (--prometheus), so that no quiet moment can be found';
  if (!quiet) return 'requests at the ends of the window: choose --since and --until where none run';
  return cut ? 'not all log lines were read (--max-lines)' : undefined;
}

/** Some of the traces are no number of requests; what peers and generators sent needs all CLIENT spans, too. */
function forgetSpanCounts({ db, gap }: Evidence): void {
  db.exec("DELETE FROM request_totals WHERE signal = 'spans'; DELETE FROM tallies");
  const reason = 'SERVER spans and tallies were not counted: not every trace of the window was read';
  gap([{ kind: 'uncheckable', signal: 'traces', reason, count: 1, timeUs: Date.now() * 1000 }]);
}
