import { pino } from 'pino';

/** About 40,000 lines, for a reader that has stalled. */
const MAX_BYTES = 16 * 1024 * 1024;

let ending = false;
// Before pino's own listener, which tries as long as the reader has stalled, so that the process would never end.
process.on('exit', () => {
  ending = true;
  try {
    stdout.flushSync();
  } catch {
    // Full, or nobody reads it any more.
  }
  stdout.destroy();
});

/**
 * Where lines are written. Asynchronous: a slow reader delays nothing. shutdown() flushes it, for which it needs a
 * minLength: without one flush() calls back at once, and the chunk that is under way is lost. A pipe that is full is tried
 * again after 100 ms, since whatever imports node:process (the SDK does) makes it non-blocking.
 */
export const stdout = pino.destination({
  dest: 1,
  sync: false,
  minLength: 1,
  maxLength: MAX_BYTES,
  retryEAGAIN: () => !ending,
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
