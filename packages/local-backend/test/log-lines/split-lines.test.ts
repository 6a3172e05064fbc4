import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Line, maxLineBytes, splitLines } from '../../src/log-lines/split-lines.ts';

async function linesOf(bytes: Buffer, chunkSize: number): Promise<Line[]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
  }
  const lines: Line[] = [];
  for await (const line of splitLines(chunks())) lines.push(line);
  return lines;
}

const text = 'first\n\nzweite: grüße 🧶\r\nthird\n\n\nlast without an end';
const expected = ['first', 'zweite: grüße 🧶', 'third', 'last without an end'].map((line) => ({
  text: line,
  cut: false,
}));

suite('lines are the same whatever the chunks', () => {
  for (const size of [1, 2, 3, 5, 7, 11, 1000]) {
    test(`of ${size} bytes`, async () => assert.deepEqual(await linesOf(Buffer.from(text), size), expected));
  }
});

suite('a line', () => {
  for (const size of [1000, 65_535, 65_537, 1_000_000]) {
    test(`over the limit is cut, and the next is whole (chunks of ${size} bytes)`, async () => {
      const bytes = Buffer.from(
        `${'a'.repeat(200_000)}\nnext\n${'b'.repeat(maxLineBytes)}\n${'c'.repeat(maxLineBytes + 1)}`,
      );
      const lines = await linesOf(bytes, size);
      assert.deepEqual(
        lines.map((line) => [line.text.length, line.text[0], line.cut]),
        [
          [maxLineBytes, 'a', true],
          [4, 'n', false],
          [maxLineBytes, 'b', false],
          [maxLineBytes, 'c', true],
        ],
      );
    });
  }

  test('is not cut through a character', async () => {
    const [line] = await linesOf(Buffer.from(`${'a'.repeat(maxLineBytes - 1)}ü and more`), 1000);
    assert.deepEqual(line, { text: 'a'.repeat(maxLineBytes - 1), cut: true });
  });
});
