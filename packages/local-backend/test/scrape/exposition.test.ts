import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseExposition } from '../../src/scrape/exposition.ts';

const timeUs = 1_700_000_000_000_000;
const openMetrics = (...lines: string[]) => parseExposition(`${lines.join('\n')}\n`, { openMetrics: true, timeUs });
const classic = (...lines: string[]) => parseExposition(`${lines.join('\n')}\n`, { openMetrics: false, timeUs });
const scraped = { timeUs, source: 'scrape' as const };

const histogram = [
  '# HELP d Duration.',
  '# TYPE d histogram',
  '# UNIT d seconds',
  'd_bucket{le="0.1",route="/a"} 2 # {trace_id="aa",span_id="bb"} 0.05 1700000001.5',
  'd_bucket{le="1",route="/a"} 2',
  'd_bucket{route="/a",le="+Inf"} 5 # {trace_id="cc",span_id="dd"} 3',
  'd_sum{route="/a"} 9.5',
  'd_count{route="/a"} 5',
  'd_created{route="/a"} 1600000000.25',
];

suite('OpenMetrics', () => {
  test('samples of a histogram become one point, and its exemplars know their bucket', () => {
    const { points, exemplars } = openMetrics(...histogram, '# EOF');
    const labels = { route: '/a' };
    assert.deepEqual(points, [
      {
        ...scraped,
        metric: 'd',
        type: 'histogram',
        labels,
        startUs: 1_600_000_000_250_000,
        histogram: { bounds: [0.1, 1], counts: [2, 0, 3], sum: 9.5, count: 5 },
      },
    ]);
    const exemplar = { metric: 'd', labels, source: 'scrape' };
    assert.deepEqual(exemplars, [
      { ...exemplar, le: 0.1, value: 0.05, timeUs: 1_700_000_001_500_000, traceId: 'aa', spanId: 'bb' },
      { ...exemplar, le: Number.POSITIVE_INFINITY, value: 3, timeUs, traceId: 'cc', spanId: 'dd' },
    ]);
  });

  test('a counter is called as its samples are, and has exemplars', () => {
    const { points, exemplars } = openMetrics(
      '# TYPE r counter',
      'r_created 1600000000',
      'r_total 3 1650000000.5 # {trace_id="aa",span_id="bb"} 1',
      '# EOF',
    );
    assert.deepEqual(points, [
      {
        metric: 'r_total',
        type: 'counter',
        labels: {},
        timeUs: 1_650_000_000_500_000,
        startUs: 1_600_000_000_000_000,
        source: 'scrape',
        value: 3,
      },
    ]);
    assert.deepEqual(exemplars, [
      { metric: 'r_total', labels: {}, value: 1, timeUs, traceId: 'aa', spanId: 'bb', source: 'scrape' },
    ]);
  });

  test('every other type becomes points', () => {
    const { points } = openMetrics(
      '# TYPE g gauge',
      'g 1',
      '# TYPE i info',
      'i_info{version="1"} 1',
      '# TYPE s stateset',
      's{s="a"} 1',
      '# TYPE q summary',
      'q{quantile="0.5"} 2',
      'q_sum 10',
      'q_count 4',
      '# TYPE h gaugehistogram',
      'h_bucket{le="+Inf"} 4',
      'h_gcount 4',
      'h_gsum 2',
      '# TYPE u unknown',
      'u 1',
      'untyped 1',
      '# EOF',
    );
    assert.deepEqual(
      points.map(({ metric, type, labels, value, histogram }) => [metric, type, labels, value ?? histogram]),
      [
        ['g', 'gauge', {}, 1],
        ['i_info', 'gauge', { version: '1' }, 1],
        ['s', 'gauge', { s: 'a' }, 1],
        ['q', 'summary', { quantile: '0.5' }, 2],
        ['q', 'summary', {}, { bounds: [], counts: [4], sum: 10, count: 4 }],
        ['h', 'histogram', {}, { bounds: [], counts: [4], sum: 2, count: 4 }],
        ['u', 'unknown', {}, 1],
        ['untyped', 'unknown', {}, 1],
      ],
    );
  });

  test('labels of an exemplar beside its ids are kept', () => {
    const sample = 'a_total 1 # {trace_id="aa",span_id="bb",user="x"} 1';
    assert.deepEqual(openMetrics('# TYPE a counter', sample, '# EOF').exemplars[0]?.attributes, { user: 'x' });
  });

  test('exemplars without ids are counted, not kept', () => {
    const { exemplars, unlinked } = openMetrics('# TYPE a counter', 'a_total 1 # {user="x"} 1', '# EOF');
    assert.deepEqual([exemplars, unlinked.length], [[], 1]);
  });

  test('nothing but # EOF is valid and empty', () => {
    assert.deepEqual(openMetrics('# EOF').points, []);
  });
});

suite('classic text', () => {
  test('counters, histograms, empty lines, comments and milliseconds are read', () => {
    const { points } = classic(
      '# a comment',
      '# TYPE r_total counter',
      'r_total{a="b"} 3 1650000000500',
      '',
      '# TYPE d histogram',
      'd_bucket{le="0.1"} 2',
      'd_bucket{le="+Inf"} 5',
      'd_sum 9.5',
      'd_count 5',
    );
    assert.deepEqual(points, [
      {
        metric: 'r_total',
        type: 'counter',
        labels: { a: 'b' },
        timeUs: 1_650_000_000_500_000,
        source: 'scrape',
        value: 3,
      },
      {
        ...scraped,
        metric: 'd',
        type: 'histogram',
        labels: {},
        histogram: { bounds: [0.1], counts: [2, 3], sum: 9.5, count: 5 },
      },
    ]);
  });

  test('no # EOF is needed, and lines may end in CR LF', () => {
    assert.equal(classic('a 1\r', 'b 2\r').points.length, 2);
    assert.deepEqual(classic('').points, []);
  });
});

const bad: { name: string; lines: string[]; says: RegExp }[] = [
  { name: 'a line that is no sample', lines: ['a 1', '<html>', '# EOF'], says: /^line 2: expected a metric name/ },
  { name: 'text that was cut off', lines: ['a 1', 'b 2'], says: /^line 2: .*# EOF/ },
  { name: 'no text', lines: [''], says: /^line 1: .*# EOF/ },
  { name: 'something after # EOF', lines: ['# EOF', 'a 1'], says: /^line 2: something follows/ },
  { name: 'an unknown type', lines: ['# TYPE a thing', '# EOF'], says: /^line 1: unknown type thing/ },
  { name: 'a type without a name', lines: ['# TYPE', '# EOF'], says: /^line 1: expected # TYPE/ },
  { name: 'two types', lines: ['# TYPE a gauge', '# TYPE a counter', '# EOF'], says: /^line 2: a has a type already/ },
  {
    name: 'a bucket without le',
    lines: ['# TYPE d histogram', 'd_bucket 1', '# EOF'],
    says: /^line 2: a bucket without a bound/,
  },
  {
    name: 'the same bucket twice',
    lines: ['# TYPE d histogram', 'd_bucket{le="1"} 1', 'd_bucket{le="1.0"} 1', '# EOF'],
    says: /^line 3: bucket 1 is there twice/,
  },
  {
    name: 'buckets that fall',
    lines: ['a 1', '# TYPE d histogram', 'd_bucket{le="1"} 2', 'd_bucket{le="+Inf"} 1', '# EOF'],
    says: /^line 3: a bucket counts less/,
  },
  {
    name: 'a histogram without +Inf',
    lines: ['# TYPE d histogram', 'd_bucket{le="1"} 2', '# EOF'],
    says: /^line 2: .*\+Inf/,
  },
];

suite('refuses, with the line', () => {
  for (const { name, lines, says } of bad) {
    test(name, () => assert.throws(() => openMetrics(...lines), { name: 'Error', message: says }));
  }
});
