import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorsIn } from '../lib/field-errors.ts';

test('has what a service says of the fields', () => {
  const errors = [{ field: 'faults/0/kind', detail: 'must be one of latency, error' }];
  assert.deepEqual(fieldErrorsIn(JSON.stringify({ status: 400, errors })), errors);
});

test('is undefined for every answer that says nothing of fields', () => {
  const bodies = [
    '',
    '<h1>Bad Request</h1>',
    'null',
    '[]',
    '{}',
    '{"errors":"x"}',
    '{"errors":[]}',
    '{"errors":[null]}',
  ];
  for (const body of bodies) assert.equal(fieldErrorsIn(body), undefined, body);
});
