import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readMetrics } from '../../../src/otlp/protobuf/metrics.ts';
import { readTraces } from '../../../src/otlp/protobuf/traces.ts';
import { encode } from '../../support/protobuf.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

suite('malformed bytes', () => {
  const malformed: { name: string; hex: string; says: RegExp }[] = [
    { name: 'a message longer than the buffer', hex: '0a 05 00', says: /premature EOF/ },
    { name: 'a length that ends in the middle', hex: '0a ff', says: /premature EOF/ },
    {
      name: 'a field of a message that reaches past its end',
      hex: '0a 02 12 04 00 00 00 00',
      says: /past the end of its message/,
    },
    { name: 'a varint that never ends', hex: 'ffffffffffffffffffffff', says: /invalid varint/ },
    { name: 'field number 0', hex: '02 00', says: /field number 0/ },
    { name: 'a message field with a number in it', hex: '08 01', says: /field 1 has wire type 0 instead of 2/ },
    { name: 'an unknown field of wire type 7', hex: 'c73e', says: /wire type 7/ },
    { name: 'a group that never ends', hex: 'c33e 0801', says: /premature EOF/ },
  ];
  for (const { name, hex, says } of malformed) {
    test(name, () => assert.throws(() => readTraces(bytes(hex)), says));
  }

  test('a packed field that ends in the middle of a value', () => {
    // ResourceMetrics > ScopeMetrics > Metric > Histogram > point > explicit_bounds of 9 bytes, with one more to read.
    const point = `3a 09 ${'00'.repeat(9)} 19 ${'00'.repeat(8)}`;
    const wrap = (field: string, inner: string) => {
      const length = bytes(inner).length.toString(16).padStart(2, '0');
      return `${field} ${length} ${inner}`;
    };
    const request = ['0a', '4a', '12', '12', '0a'].reduce((inner, field) => wrap(field, inner), point);
    assert.throws(() => readMetrics(bytes(request)), /past the end of its message/);
  });
});

test('packed fields may come one by one', () => {
  const point = { count: '3', bucketCounts: ['1', '2'], explicitBounds: [0.5] };
  const histogram = { aggregationTemporality: 2, dataPoints: [point] };
  const packed = encode('Metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'a', histogram }] }] }] });
  const one = '0100000000000000';
  const two = '0200000000000000';
  // Field 6: 16 bytes of two packed numbers, and two numbers of 8 bytes with a tag each: one byte less of length, one more of tag.
  const apart = bytes(packed.toString('hex').replace(`3210${one}${two}`, `31${one}31${two}`));
  assert.equal(apart.length, packed.length);
  assert.deepEqual(readMetrics(apart).batches, readMetrics(packed).batches);
  assert.notDeepEqual(apart, packed);
});
