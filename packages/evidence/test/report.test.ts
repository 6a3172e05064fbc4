import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { type CheckResult, formatReport } from '../src/index.ts';

const result: CheckResult = {
  name: 'log-trace',
  title: 'lines lead to traces',
  status: 'holds',
  checked: 1200,
  held: 1200,
  rate: 1,
  minimum: 1,
  examples: [],
  uncheckable: 0,
  reasons: {},
  cause: 'spans are lost',
  fix: 'look at the exporter',
};
const short: CheckResult = {
  ...result,
  name: 'exemplar-trace',
  status: 'falls-short',
  checked: 100_000,
  held: 99_999,
  rate: 0.99999,
  uncheckable: 7,
  reasons: { evicted: 4, 'not sampled': 3 },
  examples: [1, 2, 3, 4].map((n) => ({ service: 'a', traceId: `t${n}`, route: null, differs: ['spans', 'lines'] })),
};
const empty: CheckResult = { ...result, name: 'x', status: 'nothing-to-check', checked: 0, held: 0, rate: 0 };

test('is an aligned table; what is uncheckable and why; examples, cause and fix of what falls short', () => {
  assert.equal(
    formatReport([result, short, empty]),
    `check           checked   held      rate  uncheckable  verdict
log-trace          1200   1200  100.00 %            0  holds
exemplar-trace   100000  99999   99.99 %            7  falls short of 100.00 %
x                     0      0         -            0  nothing to check

uncheckable in exemplar-trace: evicted (4), not sampled (3)

exemplar-trace: lines lead to traces
  example: service=a traceId=t1 route=- differs=spans,lines
  example: service=a traceId=t2 route=- differs=spans,lines
  example: service=a traceId=t3 route=- differs=spans,lines
  cause: spans are lost
  fix: look at the exporter
`,
  );
});

test('is nothing but the table when everything holds', () => {
  assert.equal(formatReport([result]).split('\n').length, 3);
});

test('fits into 100 columns, but for a word that is longer', () => {
  const word = 'x'.repeat(120);
  const long = { ...short, cause: 'word '.repeat(60), examples: [{ body: 'b'.repeat(500), text: 'two words' }] };
  const lines = formatReport([{ ...long, fix: `${'fix '.repeat(30)}${word}` }]).split('\n');
  const wide = lines.filter((line) => line.length > 100).map((line) => line.trim());
  assert.deepEqual(wide, [`example: body=${'b'.repeat(160)}...`, word]);
});

test('has colour only when asked', () => {
  const coloured = formatReport([result, short], { colour: true });
  assert.notEqual(coloured, formatReport([result, short]));
  assert.equal(stripVTControlCharacters(coloured), formatReport([result, short]));
});

test('keeps control characters of telemetry from the terminal', () => {
  const examples = [{ body: 'two words', name: '\u001b[2Jgone\u009b2J\u007f' }];
  const report = formatReport([{ ...short, examples }]);
  assert.match(report, /body="two words" name="\\u001b\[2Jgone\\u009b2J\\u007f"/);
});

test('keeps characters that turn the direction of text, or are not seen, from the terminal, in reasons too', () => {
  const examples = [{ body: 'a\u202eb', list: ['\u2066c\u200b'] }];
  const report = formatReport([{ ...short, examples, reasons: { 'd\u202e\u001b[2J': 1 } }]);
  assert.match(report, /body="a\\u202eb" list="\\u2066c\\u200b"/);
  assert.match(report, /uncheckable in exemplar-trace: d\\u202e\\u001b\[2J \(1\)/);
});
