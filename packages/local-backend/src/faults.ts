import type { Signal } from './otlp/received.ts';

/**
 * What the receivers do wrong on purpose, for tests of what sends to them; on one signal, or on all without `signal`.
 * Nothing that meets an `error`, `black-hole` or `drop` is stored; what meets a `latency` is stored when it is answered.
 */
export type Fault = { signal?: Signal } & (
  | { kind: 'latency'; ms: number }
  /** `code` is an HTTP status (from 100) or a gRPC code (below); the other protocol answers with its equivalent. */
  | { kind: 'error'; code: number; retryAfterMs?: number }
  /** Takes the request and never answers. */
  | { kind: 'black-hole' }
  /** Destroys the connection. */
  | { kind: 'drop' }
);

export interface Faults {
  /** Takes the place of an earlier fault on the same signal; one on a signal goes before one on all. */
  set(fault: Fault): void;
  clear(): void;
  /** The fault that a request of this signal meets, counted as a hit. */
  meet(signal: Signal): Fault | undefined;
  list(): (Fault & { hits: number })[];
}

/** A table of faults, empty at first. */
export function createFaults(): Faults {
  const active = new Map<Signal | undefined, { fault: Fault; hits: number }>();
  return {
    set: (fault) => void active.set(fault.signal, { fault, hits: 0 }),
    clear: () => active.clear(),
    meet(signal) {
      const entry = active.get(signal) ?? active.get(undefined);
      if (entry !== undefined) entry.hits++;
      return entry?.fault;
    },
    list: () => [...active.values()].map(({ fault, hits }) => ({ ...fault, hits })),
  };
}
