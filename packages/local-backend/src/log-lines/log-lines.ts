import type { Attributes, LogRecord } from '@clew/evidence';
import { messageOf } from '../message-of.ts';
import type { Store } from '../store/store.ts';
import { parseLine } from './parse-line.ts';
import { maxLineBytes, splitLines } from './split-lines.ts';

/** How a stream of log lines went. */
export interface StreamResult {
  lines: number;
  /** Lines that were too long and of which only the beginning is kept. */
  cut: number;
  /** Lines that could not be stored, and why. */
  lost: number;
  error?: string;
}

const batchSize = 500;
const batchMs = 100;

export interface LogLines {
  /**
   * Reads log lines of the service that `attributes` describe until the stream ends, storing them in batches by count
   * and by time. Neither a connection that breaks nor a store that fails ends it before its time: a service's stdout
   * would have nowhere to go.
   */
  read(chunks: AsyncIterable<Buffer>, attributes: Attributes): Promise<StreamResult>;
  /** Resolves when no stream is being read. */
  idle(): Promise<void>;
}

export function createLogLines(store: Store): LogLines {
  const open = new Set<Promise<StreamResult>>();
  return {
    read(chunks, attributes) {
      const result = readStream(chunks, attributes, store).finally(() => open.delete(result));
      open.add(result);
      return result;
    },
    async idle() {
      await Promise.all(open);
    },
  };
}

async function readStream(chunks: AsyncIterable<Buffer>, attributes: Attributes, store: Store): Promise<StreamResult> {
  const result: StreamResult = { lines: 0, cut: 0, lost: 0 };
  const resource = { attributes };
  let logs: LogRecord[] = [];

  const storeBatch = async (batch: LogRecord[]) => {
    if (batch.length === 0) return;
    try {
      await store.write([{ resource, logs: batch }], batch.length);
    } catch (error) {
      store.gap('rejected', 'logs', 'store failed', batch.length);
      result.lost += batch.length;
      result.error = messageOf(error);
    }
  };
  let stored = Promise.resolve();
  /** Resolves when everything that was read is stored, by the timer too. */
  const write = () => {
    const batch = logs;
    logs = [];
    stored = stored.then(() => storeBatch(batch));
    return stored;
  };
  const timer = setInterval(() => void write(), batchMs).unref();

  try {
    for await (const { text, cut } of splitLines(untilCutOff(chunks))) {
      result.lines++;
      if (cut) {
        result.cut++;
        store.gap('rejected', 'logs', `end of a line over ${maxLineBytes} bytes`);
      }
      logs.push(parseLine(text, Date.now() * 1000));
      if (logs.length >= batchSize) await write();
    }
  } finally {
    clearInterval(timer);
  }
  await write();
  return result;
}

/** Ends where the connection broke: what came until then counts. */
async function* untilCutOff(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch {
    // The client is gone and takes no answer.
  }
}
