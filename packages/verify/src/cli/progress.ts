import type { WriteStream } from 'node:tty';
import { printable } from '@clew/evidence';

/** How often the line changes, in milliseconds. */
const STEP_MS = 100;

export interface Progress {
  show(text: string): void;
  /** Takes the line away. */
  end(): void;
}

/** One line on a terminal that says what is being read; nothing elsewhere. */
export function createProgress(stream: WriteStream): Progress {
  let shown = 0;
  const clear = '\r\x1b[K';
  return {
    show(text) {
      const now = performance.now();
      if (!stream.isTTY || now - shown < STEP_MS) return;
      shown = now;
      stream.write(`${clear}reading ${printable(text).slice(0, stream.columns - 10)}`);
    },
    end() {
      if (stream.isTTY && shown > 0) stream.write(clear);
    },
  };
}
