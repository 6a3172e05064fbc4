import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { anyValue, bigInteger, double, id, int32, micros } from '../../../src/otlp/json/values.ts';

suite('reads', () => {
  const good: [name: string, actual: unknown, expected: unknown][] = [
    ['nanoseconds as a string', micros('1763683200123456789', 'f'), 1_763_683_200_123_456],
    ['nanoseconds as a number', micros(1_763_683_200_123_456_800, 'f'), 1_763_683_200_123_456],
    ['fewer than a thousand nanoseconds', micros('999', 'f'), 0],
    ['no time', micros(undefined, 'f'), 0],
    ['a 64-bit integer as a string', bigInteger('-9223372036854775808', 'f'), '-9223372036854775808'],
    ['an integer as a number', bigInteger(7, 'f'), 7],
    ['a double as a string', double('1.5', 'f'), 1.5],
    ['NaN', double('NaN', 'f'), Number.NaN],
    ['minus infinity', double('-Infinity', 'f'), Number.NEGATIVE_INFINITY],
    ['an id in upper case', id('ABCDEF', 'f'), 'abcdef'],
    ['no id', id('', 'f'), undefined],
    ['null as nothing', anyValue(null, 'f'), null],
    ['a zero of every type', [anyValue({ intValue: 0 }, 'f'), anyValue({ boolValue: false }, 'f')], [0, false]],
  ];
  for (const [name, actual, expected] of good) test(name, () => assert.deepEqual(actual, expected));
});

suite('refuses', () => {
  const bad: [name: string, read: () => unknown, says: RegExp][] = [
    ['a negative time', () => micros('-1', 'time'), /^time: expected nanoseconds/],
    ['a time that is no number', () => micros('now', 'time'), /^time: expected an integer, got "now"/],
    ['a fraction', () => bigInteger(1.5, 'int'), /^int: expected an integer, got 1.5/],
    ['infinity as an integer', () => bigInteger(Number.POSITIVE_INFINITY, 'int'), /^int: expected an integer/],
    ['an enum by name', () => int32('SPAN_KIND_SERVER', 'kind'), /^kind: expected an integer/],
    ['an enum past 32 bits', () => int32(2 ** 31, 'kind'), /^kind: expected a 32-bit integer/],
    ['a double that is no number', () => double('fast', 'sum'), /^sum: expected a number/],
    ['an empty double', () => double('', 'sum'), /^sum: expected a number/],
    ['an id in base64', () => id('W47/95gDgQPSabYzgT/GDA==', 'traceId'), /^traceId: expected an id in hex/],
    ['an id that is a number', () => id(1, 'traceId'), /^traceId: expected a string/],
    ['a value that is no object', () => anyValue('x', 'body'), /^body: expected an object, got "x"/],
  ];
  for (const [name, read, says] of bad) test(name, () => assert.throws(read, { message: says }));
});
