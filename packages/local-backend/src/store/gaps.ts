import type { Evidence, GapRecord } from '@clew/evidence';

/** Gaps not written yet, one entry for a reason however often it occurs: a flood of bad requests costs no rows. */
export interface Gaps {
  add(kind: GapRecord['kind'], signal: GapRecord['signal'], reason: string, count: number): void;
  /** Writes them; what cannot be written now (a full disk) stays for the next time. */
  writeTo(evidence: Evidence): void;
}

export function createGaps(): Gaps {
  let pending = new Map<string, GapRecord>();
  return {
    add(kind, signal, reason, count) {
      const key = `${kind} ${signal} ${reason}`;
      const gap = pending.get(key) ?? { kind, signal, reason, count: 0, timeUs: Date.now() * 1000 };
      gap.count += count;
      pending.set(key, gap);
    },
    writeTo(evidence) {
      if (pending.size === 0) return;
      try {
        evidence.gap([...pending.values()]);
        pending = new Map();
      } catch {
        // Kept: whoever reads the gaps finds these as soon as the store takes writes again.
      }
    },
  };
}
