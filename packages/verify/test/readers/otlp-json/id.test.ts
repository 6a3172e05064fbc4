import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hexId, padTraceId } from '../../../src/readers/otlp-json/id.ts';

const hex = '0af7651916cd43dd8448eb211c80319c';

test('reads hex and base64 alike', () => {
  assert.equal(hexId('trace', hex), hex);
  assert.equal(hexId('trace', hex.toUpperCase()), hex);
  assert.equal(hexId('trace', Buffer.from(hex, 'hex').toString('base64')), hex);
  assert.equal(hexId('span', Buffer.from('b7ad6b7169203331', 'hex').toString('base64')), 'b7ad6b7169203331');
});

test('leaves what is neither for the check of malformed ids', () => {
  for (const id of ['', 'undefined', '[object Object]', hex.slice(1), '0'.repeat(31)])
    assert.equal(hexId('trace', id), id);
});

test('gives a trace id of a search its zeros back', () => {
  assert.equal(padTraceId('12'), `${'0'.repeat(30)}12`);
  assert.equal(padTraceId(hex), hex);
});
