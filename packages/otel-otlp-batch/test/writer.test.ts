import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Writer } from '../src/writer.ts';

function written(write: (writer: Writer) => void, capacity = 1): string {
  const writer = new Writer(capacity);
  write(writer);
  return writer.written.toString('hex');
}

/** By the definition, with whole numbers that have no limit. */
function varint(value: bigint): string {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]).toString('hex');
}

test('varints are right at every border of their length, and one beside it', () => {
  for (let bits = 0; bits <= 62; bits++) {
    for (const value of [2 ** bits - 1, 2 ** bits, 2 ** bits + 1].filter(
      (around) => bits < 53 || around === 2 ** bits,
    )) {
      for (const signed of [value, -value]) {
        assert.equal(
          written((writer) => writer.varint(signed)),
          varint(BigInt(signed)),
          String(signed),
        );
      }
    }
  }
  assert.equal(
    written((writer) => writer.varint(-(2 ** 63))),
    '80808080808080808001',
  );
  assert.equal(
    written((writer) => writer.varint(-0)),
    '00',
  );
});

for (const [length, head] of [
  [0, '00'],
  [127, '7f'],
  [128, '8001'],
  [16_383, 'ff7f'],
  [16_384, '808001'],
  [2_097_151, 'ffff7f'],
  [2_097_152, '80808001'],
] as const) {
  for (const guess of [1, 2, 3]) {
    test(`a message of ${length} bytes has its length before it, guessed to take ${guess} bytes`, () => {
      const content = Buffer.alloc(length, 'x');
      const writer = new Writer(16);
      writer.varint(1);
      const begun = writer.begin(guess);
      for (const byte of content) writer.varint(byte);
      writer.end(begun, guess);
      writer.varint(2);
      assert.ok(writer.written.equals(Buffer.concat([Buffer.from(`01${head}`, 'hex'), content, Buffer.from([2])])));
    });
  }
}

test('messages inside of messages may all be longer than was guessed', () => {
  const writer = new Writer(1);
  const [outer, inner] = [writer.begin(), writer.begin()];
  writer.string('y'.repeat(126));
  writer.end(inner);
  writer.end(outer);
  assert.equal(writer.written.subarray(0, 4).toString('hex'), '80017f7e');
  assert.equal(writer.length, 130);
});

test('strings have their length in UTF-8, short and long, of one to four bytes per character', () => {
  for (const character of ['a', 'ä', '€', '😀', '\0']) {
    for (const count of [0, 1, 31, 32, 63, 64, 65, 127, 128, 20_000]) {
      const text = character.repeat(count);
      const bytes = Buffer.from(text);
      assert.equal(
        written((writer) => writer.string(text)),
        varint(BigInt(bytes.length)) + bytes.toString('hex'),
      );
    }
  }
});

test('half a character becomes the replacement character, and what follows stays in its place', () => {
  const hex = written((writer) => {
    writer.string('a\ud800');
    writer.varint(1);
  });
  assert.equal(hex, `04${Buffer.from('a\ufffd').toString('hex')}01`);
});

test('what is no string is written as text', () => {
  assert.equal(
    written((writer) => writer.string(404)),
    `03${Buffer.from('404').toString('hex')}`,
  );
});

test('ids are bytes, in either case, and half a byte at the end is left out', () => {
  assert.equal(
    written((writer) => writer.hex('00ff7FaB')),
    '0400ff7fab',
  );
  assert.equal(
    written((writer) => writer.hex('')),
    '00',
  );
  const hex = written((writer) => {
    writer.hex('abc');
    writer.varint(1);
  });
  assert.equal(hex, '01ab01');
});

test('numbers of a fixed size are little-endian', () => {
  assert.equal(
    written((writer) => writer.fixed32(0xfedcba98)),
    '98badcfe',
  );
  assert.equal(
    written((writer) => writer.fixed64(1, 2)),
    '0100000002000000',
  );
  assert.equal(
    written((writer) => writer.double(-1.5)),
    '000000000000f8bf',
  );
});

test('bytes are written with their length, also when the buffer has to grow for them', () => {
  const bytes = Buffer.alloc(1_000, 'z');
  assert.equal(
    written((writer) => writer.bytes(bytes)),
    `e807${bytes.toString('hex')}`,
  );
});

test('what was taken back is written over', () => {
  const writer = new Writer(4);
  writer.string('kept');
  const { length } = writer;
  writer.string('taken back');
  writer.truncate(length);
  writer.string('new');
  assert.equal(writer.written.toString(), '\u0004kept\u0003new');
});
