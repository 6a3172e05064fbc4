import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Attributes, LogRecord } from '@clew/evidence';
import { messageOf } from '../message-of.ts';
import type { Store } from '../store/store.ts';
import { parseLine } from './parse-line.ts';
import { createLineSplitter, type Line, maxLineBytes } from './split-lines.ts';

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
/** How long closing waits for what is still on its way: until nothing came for `quietMs`, at most `drainMs`. */
const quietMs = 100;
const drainMs = 1000;

export interface LogLines {
  /**
   * Reads log lines of the service that `attributes` describe until the stream ends, storing them in batches by count
   * and by time. Neither a connection that breaks nor a store that fails ends it before its time: a service's stdout
   * would have nowhere to go. What had come over a connection that broke is stored, and the break counted as a gap.
   */
  read(stream: Readable, attributes: Attributes): Promise<StreamResult>;
  /** Resolves when the open streams bring nothing more, or after a second. */
  drain(): Promise<void>;
  /** Resolves when no stream is being read. */
  idle(): Promise<void>;
}

export function createLogLines(store: Store): LogLines {
  const open = new Set<Promise<StreamResult>>();
  let chunks = 0;
  return {
    read(stream, attributes) {
      stream.on('data', () => chunks++);
      const result = readStream(stream, attributes, store).finally(() => open.delete(result));
      open.add(result);
      return result;
    },
    async drain() {
      const deadline = performance.now() + drainMs;
      let before: number | undefined;
      while (open.size > 0 && chunks !== before && performance.now() < deadline) {
        before = chunks;
        await setTimeout(quietMs);
        await setImmediate(); // the sockets have been read once more, however late the timer was
      }
    },
    async idle() {
      await Promise.all(open);
    },
  };
}

async function readStream(stream: Readable, attributes: Attributes, store: Store): Promise<StreamResult> {
  const result: StreamResult = { lines: 0, cut: 0, lost: 0 };
  const resource = { attributes };
  const splitter = createLineSplitter();
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
  /** Resolves when everything that was read is stored, by the timer too. */
  let stored = Promise.resolve();
  const write = () => {
    const batch = logs;
    const before = stored;
    logs = [];
    stored = storeBatch(batch).then(() => before);
  };
  const take = (lines: Line[]) => {
    for (const { text, cut } of lines) {
      result.lines++;
      if (cut) {
        result.cut++;
        store.gap('rejected', 'logs', `end of a line over ${maxLineBytes} bytes`);
      }
      logs.push(parseLine(text, Date.now() * 1000));
      if (logs.length >= batchSize) write();
    }
  };

  // Taken as it comes, never held back: what waits in a stream is thrown away when its connection breaks. Nor does it
  // pile up here: the store commits as soon as 5,000 records wait, and meanwhile nothing is read.
  stream.on('data', (chunk: Buffer) => take(splitter.add(chunk)));
  const timer = setInterval(write, batchMs).unref();
  await finished(stream).catch(() => store.gap('rejected', 'logs', 'log stream broke off'));
  clearInterval(timer);
  take(splitter.end());
  write();
  await stored;
  return result;
}
