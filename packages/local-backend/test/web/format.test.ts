import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

const { duration, percent, valueText } = (await import(`${import.meta.dirname}/../../web/format.js`)) as {
  duration: (seconds: number) => string;
  percent: (share: number) => string;
  valueText: (value: unknown) => string;
};

suite('durations', () => {
  const cases: [seconds: number, text: string][] = [
    [0, '0 s'],
    [0.0000004, '0.4 µs'],
    [0.000353, '353 µs'],
    [0.0089, '8.9 ms'],
    [0.1, '100 ms'],
    [0.9999, '1 s'],
    [1.234, '1.2 s'],
    [119.6, '120 s'],
    [125, '2 min 5 s'],
    [179.9, '3 min 0 s'],
  ];
  for (const [seconds, text] of cases) test(text, () => assert.equal(duration(seconds), text));
});

test('a share is never rounded up to all, nor down to none', () => {
  assert.deepEqual([0, 0.0001, 0.5, 0.9999, 1].map(percent), ['0 %', '< 0.1 %', '50 %', '99.9 %', '100 %']);
});

test('attributes of any type are words', () => {
  const values = ['text', 1, true, null, [1, 'a'], { a: 1 }, undefined];
  assert.deepEqual(values.map(valueText), ['text', '1', 'true', 'null', '[1,"a"]', '{"a":1}', '']);
});
