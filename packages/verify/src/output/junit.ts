import type { CheckResult } from '@clew/evidence';
import type { Report } from '../report.ts';

/**
 * The report as JUnit XML, which every CI system reads: a check that falls short is a failure, one without a subject is an
 * error; so is the only one of a run that could not check.
 */
export function formatJunit({ results, gaps, nothing, error }: Report): string {
  const failures = results.filter(({ status }) => status === 'falls-short').length;
  const errors = error === undefined ? results.filter(({ status }) => status === 'nothing-to-check').length : 1;
  const tests = error === undefined ? results.length : 1;
  const attributes = `name="clew verify" tests="${tests}" failures="${failures}" errors="${errors}"`;
  const missing = gaps.map(({ kind, signal, reason, count }) => {
    return `not in the evidence: ${kind} ${signal}: ${reason} (${count})`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes}>`,
    `  <testsuite ${attributes}>`,
    ...results.map(testcase),
    ...(error === undefined ? [] : [errorCase(error)]),
    ...systemOut('    ', [...(nothing === undefined ? [] : [nothing]), ...missing]),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testcase(result: CheckResult): string {
  const { name, title, status, checked, held, uncheckable, reasons, examples, cause, fix } = result;
  const open = `    <testcase classname="clew" name="${escapeXml(`${name}: ${title}`)}"`;
  const notChecked = Object.entries(reasons).map(([reason, count]) => `uncheckable: ${reason} (${count})`);
  if (status === 'holds') {
    const out = systemOut('      ', notChecked);
    return out.length === 0 ? `${open}/>` : [`${open}>`, ...out, '    </testcase>'].join('\n');
  }
  const element = status === 'falls-short' ? 'failure' : 'error';
  const summary = status === 'falls-short' ? `${held} of ${checked} hold` : 'nothing to check';
  const lines = [
    ...examples.map((example) => `example: ${JSON.stringify(example)}`),
    ...notChecked,
    `uncheckable in all: ${uncheckable}`,
    `cause: ${cause}`,
    `fix: ${fix}`,
  ];
  return `${open}>\n      <${element} message="${escapeXml(summary)}">${escapeXml(lines.join('\n'))}</${element}>\n    </testcase>`;
}

function errorCase(error: string): string {
  const name = 'clew verify could read what it checks';
  return `    <testcase classname="clew" name="${name}">\n      <error message="nothing was checked">${escapeXml(error)}</error>\n    </testcase>`;
}

function systemOut(indent: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`${indent}<system-out>${escapeXml(lines.join('\n'))}</system-out>`];
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text may hold anything; what XML 1.0 has no place for becomes U+FFFD. https://www.w3.org/TR/xml/#charsets */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
