import type { CheckDescription, Evidence } from '@clew/evidence';
import type { LogReader, MetricReader, Sink, TraceReader, Window } from '../readers/reader.ts';
import { collectNoTraces, collectTraces, type TracesRead } from './traces.ts';

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
  /** Why spans are not to be counted, if so. */
  partialSpans?: string;
  /** Checks that cannot be run on this evidence, and why. */
  setAside: Map<string, string>;
}

/** Lines and spans of a request at the edge of the window are read from beyond it. */
const MARGIN_US = 60_000_000;

export interface CollectOptions {
  window: Window;
  /** Those that will be run: what none of them reads is left out. */
  checks: CheckDescription[];
  /** Traces to look up at most. */
  limit: number;
  /** Log lines that the log reader reads at most, for the message. */
  maxLines: number;
  sink: Sink;
}

/**
 * Fills evidence from stores: metrics, then logs, then the traces that both of them name.
 *
 * @param options.window what is asked for; less comes back when a quiet moment is near its edges, or there were too many
 *   lines.
 * @throws {StoreError} when a store fails.
 * @throws {Error} when there were so many lines that nothing of the window is left.
 */
export async function collect(evidence: Evidence, readers: Readers, options: CollectOptions): Promise<Collected> {
  const { window: wanted, checks, limit, maxLines, sink } = options;
  const reads = new Set(checks.flatMap(({ signals }) => signals));
  const metrics = reads.has('metrics') ? readers.metrics : undefined;
  const logs = reads.has('logs') ? readers.logs : undefined;
  const counts = checks.some(({ name }) => name === 'request-counts');
  const found = counts ? ((await metrics?.quietWindow(wanted)) ?? NO_METRICS) : undefined;
  const quiet = typeof found === 'object' ? found : undefined;
  let window = quiet ?? wanted;
  // With quiet edges nothing lies beyond them, and every record that is read counts.
  const wide = quiet ?? { sinceUs: wanted.sinceUs - MARGIN_US, untilUs: wanted.untilUs + MARGIN_US };

  await metrics?.read(window);
  const reached = await logs?.read(wide);
  const cut = reached !== undefined && reached < wide.untilUs;
  if (cut) window = { ...window, untilUs: Math.min(window.untilUs, reached - MARGIN_US) };
  if (window.untilUs <= window.sinceUs) throw new Error(nothingLeft(maxLines, window.sinceUs));
  const read = reads.has('traces') ? await readTraces(evidence, readers, { window, limit, sink }) : undefined;
  if (counts && read?.partial !== undefined) noteUncounted(evidence);

  const setAside = new Map<string, string>();
  if (readers.logs === undefined) setAside.set('trace-logs', 'no log store was given (--loki)');
  if (typeof found === 'string') setAside.set('request-counts', found);
  else if (cut) setAside.set('request-counts', 'not all log lines were read (--max-lines)');
  return {
    window,
    setAside,
    ...(read?.missing !== undefined && { missing: read.missing }),
    ...(read?.partial !== undefined && { partialSpans: read.partial }),
  };
}

/** Signals are read at different times, so that only what is over can be counted in all of them. */
const NO_METRICS = 'no metric store was given (--prometheus), so that no quiet moment can be found';

function nothingLeft(maxLines: number, sinceUs: number): string {
  const since = new Date(sinceUs / 1000).toISOString();
  return `--max-lines ${maxLines} are read less than a minute after ${since}: read more of them, or a shorter --window`;
}

function readTraces(
  evidence: Evidence,
  { traces }: Readers,
  options: Pick<CollectOptions, 'window' | 'limit' | 'sink'>,
): Promise<TracesRead> | TracesRead {
  return traces ? collectTraces(evidence, traces, options) : collectNoTraces(evidence);
}

/** Some of the traces are no number of requests; what peers sent needs all CLIENT spans, too. */
function noteUncounted({ gap }: Evidence): void {
  const reason = 'SERVER spans and tallies were not counted: not every trace of the window was read';
  gap([{ kind: 'uncheckable', signal: 'traces', reason, count: 1, timeUs: Date.now() * 1000 }]);
}
