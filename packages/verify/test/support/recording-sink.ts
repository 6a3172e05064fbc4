import type { Batch } from '@clew/evidence';
import type { Sink } from '../../src/readers/reader.ts';

/** A sink that keeps what it is given. */
export function recordingSink() {
  const batches: Batch[] = [];
  const gaps: [signal: string, reason: string, count: number][] = [];
  const sink: Sink = {
    write: (more) => void batches.push(...more),
    gap: (signal, reason, count = 1) => void gaps.push([signal, reason, count]),
    progress: () => {},
  };
  return { sink, batches, gaps };
}
