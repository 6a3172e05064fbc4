import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idDefect } from '../../src/checks/id-defect.ts';

const good = '4bf92f3577b34da6a3ce929d0e0e4736';

test('finds nothing wrong with a good id', () => {
  assert.equal(idDefect('trace', good), undefined);
  assert.equal(idDefect('span', good.slice(0, 16)), undefined);
});

const defects: [id: unknown, defect: string][] = [
  ['', 'empty'],
  ['undefined', 'the text undefined'],
  ['null', 'the text null'],
  ['[object Object]', 'the text [object Object]'],
  [good.toUpperCase(), 'upper case'],
  [good.slice(0, 16), '16 digits in place of 32'],
  [good.padEnd(33, '0'), '33 digits in place of 32'],
  ['0'.repeat(32), 'all zeros'],
  ['S/kvNXezTaajzpKdDg5HNg==', 'not hex'],
  [good.replace('4', 'g'), 'not hex'],
  [null, 'null in place of text'],
  [1234, 'number in place of text'],
  [{}, 'object in place of text'],
];

for (const [id, defect] of defects) {
  test(`says ${defect} of ${JSON.stringify(id)}`, () => assert.equal(idDefect('trace', id), defect));
}

test('wants half the digits of a span id', () => {
  assert.equal(idDefect('span', good), '32 digits in place of 16');
});
