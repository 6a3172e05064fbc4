import type { Batch, Evidence, GapRecord } from '@clew/evidence';
import { messageOf } from '../message-of.ts';
import { createGaps } from './gaps.ts';

/**
 * How long a write waits for others to share its transaction. An exporter sends its next batch only when the last one
 * was answered: at 100 ms one that sends 512 spans a time would stop at 5,000 spans/s.
 */
const waitMs = 20;
/** So many records are written at once, so that no transaction holds up the process for long. */
const most = 5_000;

/** Writes that share transactions. */
export interface Store {
  readonly evidence: Evidence;
  /** Resolves when the records are committed; rejects with a {@link StoreError} when they are not stored. */
  write(batches: Batch[], records: number): Promise<void>;
  /** Notes what is not stored; written with the next transaction. */
  gap(kind: GapRecord['kind'], signal: GapRecord['signal'], reason: string, count?: number): void;
  /** Commits everything that waits. */
  flush(): void;
  /** The same, for the last time. */
  close(): void;
}

/** Records that were not stored: `temporary` when the same write may succeed later, as on a full disk. */
export class StoreError extends Error {
  readonly temporary: boolean;

  constructor(cause: unknown) {
    const { message, code } =
      cause instanceof Error ? (cause as Error & { code?: unknown }) : { message: String(cause) };
    super(`not stored: ${message}`, { cause });
    this.temporary = code === 'ERR_SQLITE_ERROR';
  }
}

/** A store over `evidence` that evicts down to `maxBytes` and tells `warn` when it cannot. */
export function createStore(evidence: Evidence, maxBytes: number, warn: (message: string) => void): Store {
  type Write = { batches: Batch[]; records: number; done: () => void; failed: (error: StoreError) => void };
  let waiting: Write[] = [];
  let records = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const gaps = createGaps();

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const writes = waiting;
    waiting = [];
    records = 0;
    if (writes.length > 0) {
      commit(writes);
      evict();
    }
    gaps.writeTo(evidence);
  };

  const commit = (writes: Write[]) => {
    try {
      evidence.write(writes.flatMap((write) => write.batches));
      for (const write of writes) write.done();
    } catch (error) {
      // Another's bad record is no reason to refuse this one.
      if (writes.length > 1) for (const write of writes) commit([write]);
      else for (const write of writes) write.failed(new StoreError(error));
    }
  };

  let warning = '';
  const evict = () => {
    try {
      evidence.evict(maxBytes);
      warning = '';
    } catch (error) {
      const message = `cannot evict: ${messageOf(error)}`;
      // Once, not fifty times a second for as long as the disk is full.
      if (message !== warning) warn(message);
      warning = message;
    }
  };

  return {
    evidence,
    write(batches, count) {
      if (closed) return Promise.reject(new StoreError('the store is closed'));
      if (batches.length === 0) return Promise.resolve();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ batches, records: count, done: resolve, failed: reject });
      records += count;
      if (records >= most) flush();
      else timer ??= setTimeout(flush, waitMs);
      return promise;
    },
    gap(kind, signal, reason, count = 1) {
      if (count === 0 || closed) return;
      gaps.add(kind, signal, reason, count);
      timer ??= setTimeout(flush, waitMs);
    },
    flush,
    close() {
      flush();
      closed = true;
    },
  };
}
