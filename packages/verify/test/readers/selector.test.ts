import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectorOf, withMatcher } from '../../src/readers/selector.ts';

test('selects by namespace and services, and never everything', () => {
  assert.equal(
    selectorOf({ namespace: 'clew', services: ['a', 'b'] }),
    '{service_namespace="clew",service_name=~"a|b"}',
  );
  assert.equal(selectorOf({ services: [] }), '{service_name=~".+"}');
});

test('a name cannot end the string or the regular expression it is in', () => {
  assert.equal(
    selectorOf({ namespace: 'a"}', services: ['b.c'] }),
    '{service_namespace="a\\"}",service_name=~"b\\\\.c"}',
  );
});

test('adds a matcher to what somebody wrote by hand', () => {
  assert.equal(withMatcher('{ job="x", }', 'a="b"'), '{a="b",job="x"}');
  assert.equal(withMatcher('{}', 'a="b"'), '{a="b"}');
});
