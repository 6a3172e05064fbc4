import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseSample, type Sample } from '../../src/scrape/sample.ts';

const trace_id = '5b8efff798038103d269b633813fc60c';
const span_id = 'eee19b7ec3c1b174';

const good: [line: string, sample: Sample][] = [
  ['up 1', { name: 'up', labels: {}, value: 1 }],
  ['a:b_c{} -1.5e-3', { name: 'a:b_c', labels: {}, value: -0.0015 }],
  ['a{b="c",d="e",} 1 1700000000.5', { name: 'a', labels: { b: 'c', d: 'e' }, value: 1, time: 1700000000.5 }],
  ['a { b = "c" , d="e" } .5', { name: 'a', labels: { b: 'c', d: 'e' }, value: 0.5 }],
  [String.raw`a{b="\"\\\n}#,"} +Inf`, { name: 'a', labels: { b: '"\\\n}#,' }, value: Number.POSITIVE_INFINITY }],
  ['a -Inf', { name: 'a', labels: {}, value: Number.NEGATIVE_INFINITY }],
  ['a NaN', { name: 'a', labels: {}, value: Number.NaN }],
  ['a 1 # {} 2', { name: 'a', labels: {}, value: 1, exemplar: { labels: {}, value: 2 } }],
  [
    `a_bucket{le="0.1"} 3 # {trace_id="${trace_id}",span_id="${span_id}"} 0.05 1700000000.123`,
    {
      name: 'a_bucket',
      labels: { le: '0.1' },
      value: 3,
      exemplar: { labels: { trace_id, span_id }, value: 0.05, time: 1700000000.123 },
    },
  ],
  [
    'a 1 1700000000 # {b="c"} 2',
    { name: 'a', labels: {}, value: 1, time: 1700000000, exemplar: { labels: { b: 'c' }, value: 2 } },
  ],
];

suite('reads', () => {
  for (const [line, sample] of good) {
    test(line, () => assert.deepEqual(parseSample(line), sample));
  }
});

const bad: [line: string, says: RegExp][] = [
  ['1a 1', /a metric name at "1a 1"/],
  ['<html>', /a metric name/],
  ['a', /a value at ""/],
  ['a b', /a value at "b"/],
  ['a 1x', /a value at "1x"/],
  ['a{b} 1', /a label or }/],
  ['a{b=c} 1', /a label or }/],
  ['a{b="c} 1', /a label or }/],
  ['a{b="c" d="e"} 1', /, or }/],
  ['a{b="c",b="d"} 1', /b is there twice/],
  ['a{b="c"', /, or }/],
  ['a 1 x', /a timestamp at "x"/],
  ['a 1 2 3', /an exemplar or the end/],
  ['a 1 # 2', /the labels of an exemplar/],
  ['a 1 # {b="c"}', /the value of an exemplar/],
  ['a 1 # {b="c"} 1 2 3', /the end of the line/],
];

suite('refuses', () => {
  for (const [line, says] of bad) {
    test(line, () => assert.throws(() => parseSample(line), says));
  }
});
