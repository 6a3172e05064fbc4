import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redactQuery } from '../../src/telemetry/url.ts';

test('redactQuery keeps names and no values', () => {
  assert.equal(redactQuery('a=1&token=abc=def&&flag'), 'a=REDACTED&token=REDACTED&REDACTED&REDACTED');
});
