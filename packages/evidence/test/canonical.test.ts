import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from '../src/canonical.ts';

test('the order of keys makes no difference, also further down', () => {
  const text = canonicalJson({ b: { d: 1, c: [{ f: 1, e: 2 }] }, a: null });
  assert.equal(text, '{"a":null,"b":{"c":[{"e":2,"f":1}],"d":1}}');
  assert.equal(canonicalJson({ a: null, b: { c: [{ e: 2, f: 1 }], d: 1 } }), text);
});

test('the order of an array does', () => {
  assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]));
});
