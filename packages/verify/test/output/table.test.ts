import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatVerdict } from '../../src/output/table.ts';
import { sampleReport } from '../support/sample-report.ts';

test('says what holds, what is broken, what could not be checked and why, and the verdict last', () => {
  const text = formatVerdict(sampleReport());
  assert.match(text, /log-trace +8 +7 +87\.50 %/);
  assert.match(text, /Not in the evidence:\n {2}uncheckable logs: lines after the first 50 \(1\)\n/);
  assert.match(text, /uncheckable in trace-logs: no log store \(1\)/);
  assert.match(text, /If there should be nothing: --skip trace-logs\n/);
  assert.ok(text.endsWith('Broken: 1 of 3 checks hold.\n'));
});

test('where nothing was found, that is said once, and no check is advised to be left out', () => {
  const [, , empty] = sampleReport().results;
  assert.ok(empty);
  const nothing = 'Nothing found: no traces in run.sqlite. Likely causes: none was sent.';
  const text = formatVerdict({ ...sampleReport(), verdict: 'could-not-check', results: [empty, empty], nothing });
  assert.ok(text.startsWith(`${nothing}\n`));
  assert.match(text, /lines after the first 50/);
  assert.doesNotMatch(text, /--skip|uncheckable in/);
  assert.match(text, /Not verified: 0 of 2 checks hold/);
});

test('has no colour unless it is asked for', () => {
  assert.ok(!formatVerdict(sampleReport()).includes('\x1b'));
  assert.ok(formatVerdict(sampleReport(), { colour: true }).includes('\x1b['));
});

test('the verdict is in words for each outcome', () => {
  const [held, broken, empty] = sampleReport().results;
  assert.ok(held && broken && empty);
  const report = sampleReport();
  assert.match(formatVerdict({ ...report, verdict: 'holds', results: [held] }), /Verified: 1 of 1 checks hold\.\n$/);
  assert.match(
    formatVerdict({ ...report, verdict: 'could-not-check', results: [held, empty] }),
    /Not verified: 1 of 2 checks hold, for the others there was nothing to check\.\n$/,
  );
});

test('what a store says moves no cursor and turns no text', () => {
  const report = sampleReport();
  for (const gap of report.gaps) gap.reason = 'Tempo says: \u001b[2J\u202eno';
  assert.match(formatVerdict(report), /Tempo says: \\u001b\[2J\\u202eno/);
});
