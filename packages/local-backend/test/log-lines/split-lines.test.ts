import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createLineSplitter, type Line, maxLineBytes } from '../../src/log-lines/split-lines.ts';

function linesOf(bytes: Buffer, chunkSize: number): Line[] {
  const splitter = createLineSplitter();
  const lines: Line[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) lines.push(...splitter.add(bytes.subarray(at, at + chunkSize)));
  return [...lines, ...splitter.end()];
}

const text = 'first\n\nzweite: grüße 🧶\r\nthird\n\n\nlast without an end';
const expected = ['first', 'zweite: grüße 🧶', 'third', 'last without an end'].map((line) => ({
  text: line,
  cut: false,
}));

suite('lines are the same whatever the chunks', () => {
  for (const size of [1, 2, 3, 5, 7, 11, 1000]) {
    test(`of ${size} bytes`, () => assert.deepEqual(linesOf(Buffer.from(text), size), expected));
  }
});

suite('a line', () => {
  for (const size of [1000, 65_535, 65_537, 1_000_000]) {
    test(`over the limit is cut, and the next is whole (chunks of ${size} bytes)`, () => {
      const bytes = Buffer.from(
        `${'a'.repeat(200_000)}\nnext\n${'b'.repeat(maxLineBytes)}\n${'c'.repeat(maxLineBytes + 1)}`,
      );
      const lines = linesOf(bytes, size);
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

  test('is not cut through a character', () => {
    const [line] = linesOf(Buffer.from(`${'a'.repeat(maxLineBytes - 1)}ü and more`), 1000);
    assert.deepEqual(line, { text: 'a'.repeat(maxLineBytes - 1), cut: true });
  });
});
