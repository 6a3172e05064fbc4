import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckResult } from '@clew/evidence';
import { formatJunit } from '../../src/output/junit.ts';
import { sampleReport } from '../support/sample-report.ts';

/** Element names in the order they open, or an error: enough of XML to find what is not escaped or not closed. */
function elements(xml: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  const body = xml.replace(/^<\?xml [^>]*\?>\n/, '');
  const part =
    /<(\/?)([a-z-]+)((?: [a-z]+="(?:[^<>&"]|&(?:amp|lt|gt|quot);)*")*)(\/?)>|((?:[^<>&]|&(?:amp|lt|gt|quot);)+)/uy;
  while (part.lastIndex < body.length) {
    const at = part.lastIndex;
    const [, closes, name, , empty] = part.exec(body) ?? assert.fail(`not well-formed: ${body.slice(at, at + 80)}`);
    if (name === undefined) continue;
    if (closes) assert.equal(open.pop(), name);
    else names.push(name.replace('-', ''));
    if (!closes && !empty) open.push(name);
  }
  assert.deepEqual(open, []);
  return names;
}

test('says what was not found', () => {
  const xml = formatJunit({ ...sampleReport(), nothing: 'Nothing found: no traces in <file>.' });
  assert.match(xml, /<system-out>Nothing found: no traces in &lt;file&gt;\.\nnot in the evidence/);
  elements(xml);
});

test('a check that falls short is a failure, one without a subject an error', () => {
  const xml = formatJunit(sampleReport());
  assert.deepEqual(elements(xml), [
    'testsuites',
    'testsuite',
    'testcase',
    'testcase',
    'failure',
    'testcase',
    'error',
    'systemout',
  ]);
  assert.match(xml, /<testsuite name="clew verify" tests="3" failures="1" errors="1">/);
  assert.match(xml, /<failure message="7 of 8 hold">/);
});

test('says what is uncheckable and what is not in the evidence, also where everything holds', () => {
  const report = sampleReport();
  const [held] = report.results as [CheckResult];
  held.uncheckable = 3;
  held.reasons = { 'not sampled, or no flags': 3 };
  const xml = formatJunit({ ...report, verdict: 'holds', results: [held] });
  assert.deepEqual(elements(xml), ['testsuites', 'testsuite', 'testcase', 'systemout', 'systemout']);
  assert.match(xml, /<system-out>uncheckable: not sampled, or no flags \(3\)<\/system-out>\n {4}<\/testcase>/);
  assert.match(xml, /<system-out>not in the evidence: uncheckable logs: lines after the first 50 \(1\)<\/system-out>/);
});

test('a run that could not check is one test with an error', () => {
  const error = 'Loki at http://x: "down" & <out>';
  const xml = formatJunit({ ...sampleReport(), verdict: 'could-not-check', results: [], gaps: [], error });
  assert.deepEqual(elements(xml), ['testsuites', 'testsuite', 'testcase', 'error']);
  assert.match(xml, /tests="1" failures="0" errors="1"/);
  assert.match(
    xml,
    /<error message="nothing was checked">Loki at http:\/\/x: &quot;down&quot; &amp; &lt;out&gt;<\/error>/,
  );
});

test('text of telemetry stays text, whatever it is', () => {
  const report = sampleReport();
  const [, broken] = report.results as [CheckResult, CheckResult];
  broken.examples = [{ body: '</failure><script>"&\u0000\u001b[31m\ud800' }];
  broken.title = 'a "quoted" <title> & more\u0007';
  const xml = formatJunit(report);
  elements(xml);
  for (const forbidden of ['\u0000', '\u001b', '\u0007', '\ud800', '<script>']) assert.ok(!xml.includes(forbidden));
});
