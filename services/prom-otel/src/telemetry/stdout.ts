import { writeSync } from 'node:fs';
import { pino } from 'pino';

const STDOUT = 1;
/** About 40,000 lines, for a reader that has stalled. */
const MAX_BYTES = 16 * 1024 * 1024;

// In place of pino's own listener, which comes later and tries for ever while the reader is stalled or gone: the process
// would never end.
process.on('exit', () => {
  const { _bufs: waiting } = stdout as unknown as { _bufs: string[] }; // sonic-boom's
  try {
    for (let left = Buffer.from(waiting.join('')); left.length > 0; ) left = left.subarray(writeSync(STDOUT, left));
  } catch {
    // The pipe is full, or nobody reads it any more.
  }
  stdout.destroy();
});

/**
 * Where lines are written. Asynchronous: a slow reader delays nothing. A pipe that is full is tried again after 100 ms,
 * since whatever imports node:process (the SDK does) makes it non-blocking.
 */
export const stdout = pino.destination({
  dest: STDOUT,
  sync: false,
  minLength: 1, // without one flush() calls back at once, and the chunk that is under way is lost
  maxLength: MAX_BYTES,
});

let dropped = 0;
stdout.on('drop', () => {
  dropped += 1;
});
stdout.on('drain', () => {
  if (dropped === 0) return;
  const line = { level: 'warn', time: Date.now(), 'clew.log.dropped': dropped, msg: 'log lines dropped' };
  dropped = 0;
  stdout.write(`${JSON.stringify(line)}\n`);
});

/** Resolves when every line until now is written, and the one that says how many had to be dropped. */
export async function flushStdout(): Promise<void> {
  const drops = dropped > 0;
  await flushed();
  if (drops) await flushed();
}

function flushed(): Promise<unknown> {
  return new Promise((resolve) => stdout.flush(resolve));
}
