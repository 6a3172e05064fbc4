import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PARTS, readOptions } from '../src/options.ts';

const now = new Date('2026-11-21T10:20:30Z');

test('by default everything that a minute is enough for is measured, in the short mode', () => {
  const { json, ...rest } = readOptions([], now) ?? { json: '' };
  assert.deepEqual(rest, {
    long: false,
    check: false,
    rounds: 3,
    only: ['capacity', 'loss', 'start'],
  });
  assert.match(json, /\/bench\/results\/2026-11-21T102030\.json$/);
});

test('what is asked for is taken', () => {
  const options = readOptions(['--long', '--check', '--only', 'loss,start', '--rounds', '2', '--json', 'a.json'], now);
  assert.deepEqual(options, { long: true, check: true, rounds: 2, only: ['loss', 'start'], json: 'a.json' });
});

test('the long mode measures everything', () => {
  assert.deepEqual(readOptions(['--long'], now)?.only, [...PARTS]);
});

test('help asks for nothing to be measured', () => {
  assert.equal(readOptions(['--help']), undefined);
});

for (const args of [['--only', 'lost'], ['--rounds', '0'], ['--rounds', 'many'], ['--fast'], ['loss']]) {
  test(`${args.join(' ')} is refused`, () => {
    assert.throws(() => readOptions(args), TypeError);
  });
}
