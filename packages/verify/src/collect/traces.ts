import type { Evidence } from '@clew/evidence';
import type { Sink, TraceReader, Window } from '../readers/reader.ts';
import { createLookedUp, type LookedUp } from './looked-up.ts';

/** Traces that are looked up at the same time; the store's rate bounds them, too. */
const WORKERS = 8;

const NO_STORE = 'no trace store was given (--tempo or --jaeger)';

export interface TracesRead {
  /** Why not every trace of the window is in the evidence, if so. */
  partial?: string;
  /** Why some trace ids in exemplars and log lines were not looked up, if so. */
  missing?: string;
}

/**
 * Gets traces into the evidence, at most `limit`: those that exemplars name, those that the store lists of the window up
 * to half of the rest, those that log lines name, and what is left of the list.
 */
export async function collectTraces(
  evidence: Evidence,
  reader: TraceReader,
  { window, limit, sink }: { window: Window; limit: number; sink: Sink },
): Promise<TracesRead> {
  const lookedUp = createLookedUp(evidence);
  const lookUp = async (traceId: string): Promise<void> => {
    if (!lookedUp.add(traceId)) return;
    sink.progress(`traces: ${lookedUp.size}`);
    await reader.resolve(traceId);
  };
  const some = (ids: string[]) => inParallel(ids[Symbol.iterator](), () => false, lookUp);
  const services = evidence.db.prepare('SELECT DISTINCT service FROM resources').all();

  await some(lookedUp.missing('exemplars', limit));
  const listing = reader.list(
    window,
    services.map(({ service }) => String(service)),
  );
  const half = lookedUp.size + (limit - lookedUp.size) / 2;
  const allInHalf = await inParallel(listing, () => lookedUp.size >= half, lookUp);
  await some(lookedUp.missing('logs', limit - lookedUp.size));
  const complete = allInHalf || (await inParallel(listing, () => lookedUp.size >= limit, lookUp));
  return {
    ...(!complete && { partial: 'not every trace of the window was read (--limit)' }),
    ...noteMissing(evidence, lookedUp, `traces after the first ${limit} were not looked up (--limit)`),
  };
}

/** Without a trace store nothing can be said about any trace id. */
export function collectNoTraces(evidence: Evidence): TracesRead {
  const lookedUp = createLookedUp(evidence);
  return { partial: NO_STORE, ...noteMissing(evidence, lookedUp, NO_STORE) };
}

function noteMissing(evidence: Evidence, lookedUp: LookedUp, reason: string): { missing?: string } {
  const [exemplars, logs] = [lookedUp.countMissing('exemplars'), lookedUp.countMissing('logs')];
  const timeUs = Date.now() * 1000;
  evidence.gap([
    { kind: 'uncheckable', signal: 'metrics', reason: `exemplars: ${reason}`, count: exemplars, timeUs },
    { kind: 'uncheckable', signal: 'logs', reason: `log lines: ${reason}`, count: logs, timeUs },
  ]);
  return exemplars + logs > 0 ? { missing: reason } : {};
}

/** Works on several at a time until it is enough or there are no more; returns whether the source says that was all. */
async function inParallel(
  source: Iterator<string> | AsyncIterator<string, boolean>,
  enough: () => boolean,
  work: (id: string) => Promise<void>,
): Promise<boolean> {
  let complete = false;
  const worker = async () => {
    while (!enough()) {
      const next = await source.next();
      if (next.done) {
        complete ||= next.value === true;
        return;
      }
      await work(next.value);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return complete;
}
