/** Longest line that is kept whole, in bytes. */
export const maxLineBytes = 64 * 1024;

export interface Line {
  text: string;
  /** The line was longer than {@link maxLineBytes}; `text` is its beginning. */
  cut: boolean;
}

export interface LineSplitter {
  /** The lines that end in this chunk. */
  add(chunk: Buffer): Line[];
  /** The last line, when it had no end. */
  end(): Line[];
}

/** Splits a stream of bytes into lines, wherever its chunks end; empty lines are left out. */
export function createLineSplitter(): LineSplitter {
  let parts: Buffer[] = [];
  let length = 0;
  const append = (bytes: Buffer) => {
    const room = maxLineBytes - Math.min(length, maxLineBytes);
    // Copied, because a slice keeps its whole chunk in memory for as long as the line has no end.
    if (room > 0) parts.push(Buffer.from(bytes.subarray(0, room)));
    length += bytes.length;
  };
  const end = (): Line[] => {
    const cut = length > maxLineBytes;
    const text = Buffer.concat(parts).toString().replace(/\r$/, '');
    parts = [];
    length = 0;
    // A cut may go through a character, which then reads as U+FFFD.
    return text === '' ? [] : [{ text: cut ? text.replace(/\uFFFD$/, '') : text, cut }];
  };

  return {
    add(chunk) {
      const lines: Line[] = [];
      let start = 0;
      for (let newline = chunk.indexOf(10); newline !== -1; newline = chunk.indexOf(10, start)) {
        append(chunk.subarray(start, newline));
        start = newline + 1;
        lines.push(...end());
      }
      append(chunk.subarray(start));
      return lines;
    },
    end,
  };
}
