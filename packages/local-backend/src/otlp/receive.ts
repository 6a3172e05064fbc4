import { setTimeout as wait } from 'node:timers/promises';
import type { Faults } from '../faults.ts';
import { messageOf } from '../message-of.ts';
import { type Store, StoreError } from '../store/store.ts';
import type { Received, Signal } from './received.ts';

/** How a request ends; both transports put it in their own words. */
export type Outcome =
  /** Everything is stored but `refused` records. */
  | { kind: 'stored'; refused: number; reason: string }
  /** Nothing is stored. `code` is an HTTP status, or a gRPC code when a fault says so. */
  | { kind: 'error'; code: number; message: string; retryAfterMs?: number }
  | { kind: 'silence' }
  | { kind: 'drop' };

/** Handles one request whose body `decode` reads; `gone` says whether its client still waits for the answer. */
export type Receive = (signal: Signal, decode: () => Received, gone: () => boolean) => Promise<Outcome>;

/** What a client is asked to wait before it tries again when the store fails. */
const retryAfterMs = 1000;

/**
 * The part of receiving OTLP that gRPC and HTTP share: meet a fault, decode, store, and only then say that it was
 * received. What is refused is counted as a gap.
 */
export function createReceive(store: Store, faults: Faults): Receive {
  return async (signal, decode, gone) => {
    const fault = faults.meet(signal);
    if (fault?.kind === 'drop') return { kind: 'drop' };
    if (fault?.kind === 'black-hole') return { kind: 'silence' };
    if (fault?.kind === 'error') return { ...fault, message: 'injected fault' };
    if (fault?.kind === 'latency') {
      await wait(fault.ms, undefined, { ref: false });
      // It will send these records again, and they must not be there twice.
      if (gone()) return { kind: 'silence' };
    }
    let received: Received;
    try {
      received = decode();
    } catch (error) {
      store.gap('rejected', signal, 'malformed request');
      return { kind: 'error', code: 400, message: `malformed request: ${messageOf(error)}` };
    }
    return storeReceived(store, signal, received);
  };
}

async function storeReceived(store: Store, signal: Signal, received: Received): Promise<Outcome> {
  const { batches, accepted, refused, uncheckable } = received;
  for (const [reason, count] of refused) store.gap('rejected', signal, reason, count);
  for (const [reason, count] of uncheckable) store.gap('uncheckable', signal, reason, count);
  try {
    await store.write(batches, accepted);
  } catch (error) {
    store.gap('rejected', signal, 'store failed', accepted);
    const temporary = error instanceof StoreError && error.temporary;
    return { kind: 'error', message: messageOf(error), ...(temporary ? { code: 503, retryAfterMs } : { code: 500 }) };
  }
  const count = [...refused.values()].reduce((sum, n) => sum + n, 0);
  return { kind: 'stored', refused: count, reason: [...refused.keys()].join('; ') };
}
