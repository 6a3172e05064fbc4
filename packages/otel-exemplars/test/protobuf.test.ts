import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contents, lengthDelimited, mapFields } from '../src/protobuf.ts';

const text = (value: string) => Buffer.from(value);
// 1: varint 2^63, 2: "a", 3: fixed64, 2: "bc", 4: fixed32, 15: "d"
const message = Buffer.concat([
  Buffer.from(`08${'80'.repeat(8)}8001`, 'hex'),
  Buffer.from('120161', 'hex'),
  Buffer.from('19' + '0102030405060708', 'hex'),
  Buffer.from('12026263', 'hex'),
  Buffer.from('25' + '01020304', 'hex'),
  Buffer.from('7a0164', 'hex'),
]);

test('a field is replaced in place, with its length put right, and every other byte stays', () => {
  const longer = 'x'.repeat(300);
  const mapped = mapFields(message, [2], (content, index) => text(`${index}${content}${index === 1 ? longer : ''}`));
  assert.deepEqual(contents(mapped, 2).map(String), ['0a', `1bc${longer}`]);
  const back = mapFields(mapped, [2], (_, index) => text(['a', 'bc'][index] as string));
  assert.deepEqual(Buffer.from(back), message);
});

test('several fields can be replaced, and are counted together', () => {
  const mapped = mapFields(message, [2, 15], (_, index) => text(String(index)));
  assert.deepEqual([...contents(mapped, 2), ...contents(mapped, 15)].map(String), ['0', '1', '2']);
});

test('field numbers above 15 have a tag of two bytes', () => {
  assert.deepEqual(Buffer.from(lengthDelimited(16, text('a'))), Buffer.from('82010161', 'hex'));
});

test('bytes that are no message are refused', () => {
  for (const bytes of ['1203', '0a', '0b', '19010203', '0880']) {
    assert.throws(() => contents(Buffer.from(bytes, 'hex'), 1), RangeError, bytes);
  }
});
