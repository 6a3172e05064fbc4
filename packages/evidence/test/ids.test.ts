import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storedId } from '../src/ids.ts';

test('valid ids become bytes', () => {
  assert.deepEqual(storedId('span', '00000000000000ff'), Buffer.from([0, 0, 0, 0, 0, 0, 0, 255]));
  assert.equal(storedId('trace', '0af7651916cd43dd8448eb211c80319c').length, 16);
});

const malformed = [
  '',
  'undefined',
  '0AF7651916CD43DD8448EB211C80319C',
  '0'.repeat(32),
  '0af7651916cd43dd',
  'g'.repeat(32),
];
for (const id of malformed) {
  test(`the malformed trace id '${id}' stays as it came`, () => {
    assert.equal(storedId('trace', id), id);
  });
}
