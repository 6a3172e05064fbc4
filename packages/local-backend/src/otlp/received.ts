import type { Batch } from '@clew/evidence';

/** The three signals of OTLP, in the words of its paths and of the store. */
export const signals = ['traces', 'metrics', 'logs'] as const;
export type Signal = (typeof signals)[number];

/** What one request brought. */
export interface Received {
  batches: Batch[];
  /** How many spans, data points or log records go to the store. */
  accepted: number;
  /** What cannot be stored, by reason: answered as partial success and written down as a gap. */
  refused: Map<string, number>;
  /** What is stored nowhere because no check could use it, by reason: written down as a gap. */
  uncheckable: Map<string, number>;
}

export function nothingReceived(): Received {
  return { batches: [], accepted: 0, refused: new Map(), uncheckable: new Map() };
}

/** Adds to a count by reason. */
export function tallyReason(counts: Map<string, number>, reason: string, count = 1): void {
  counts.set(reason, (counts.get(reason) ?? 0) + count);
}
