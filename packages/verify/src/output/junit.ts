import type { CheckResult } from '@clew/evidence';
import type { Report } from '../report.ts';

/**
 * The report as JUnit XML, which every CI system reads: a check that falls short is a failure, one without a subject is an
 * error.
 */
export function formatJunit({ results }: Report): string {
  const failures = results.filter(({ status }) => status === 'falls-short').length;
  const errors = results.filter(({ status }) => status === 'nothing-to-check').length;
  const attributes = `name="clew verify" tests="${results.length}" failures="${failures}" errors="${errors}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes}>`,
    `  <testsuite ${attributes}>`,
    ...results.map(testcase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testcase(result: CheckResult): string {
  const { name, title, status, checked, held, uncheckable, reasons, examples, cause, fix } = result;
  const open = `    <testcase classname="clew" name="${escapeXml(`${name}: ${title}`)}"`;
  if (status === 'holds') return `${open}/>`;
  const element = status === 'falls-short' ? 'failure' : 'error';
  const summary = status === 'falls-short' ? `${held} of ${checked} hold` : 'nothing to check';
  const lines = [
    ...examples.map((example) => `example: ${JSON.stringify(example)}`),
    ...Object.entries(reasons).map(([reason, count]) => `uncheckable: ${reason} (${count})`),
    `uncheckable in all: ${uncheckable}`,
    `cause: ${cause}`,
    `fix: ${fix}`,
  ];
  return `${open}>\n      <${element} message="${escapeXml(summary)}">${escapeXml(lines.join('\n'))}</${element}>\n    </testcase>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text may hold anything; what XML 1.0 has no place for becomes U+FFFD. https://www.w3.org/TR/xml/#charsets */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
