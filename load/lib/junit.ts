import type { Judged } from './summary-data.ts';

/** The thresholds of a run as JUnit XML, a test case each. */
export function formatJunit(scenario: string, thresholds: Judged[], seconds: number): string {
  const failures = thresholds.filter(({ ok }) => !ok).length;
  const cases = thresholds.map(({ metric, expression, ok, value }) => {
    const open = `    <testcase classname="${escapeXml(scenario)}" name="${escapeXml(`${metric} ${expression}`)}"`;
    return ok ? `${open}/>` : `${open}>\n      <failure message="${escapeXml(`was ${value}`)}"/>\n    </testcase>`;
  });
  const counts = `tests="${thresholds.length}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="k6" ${counts}>`,
    `  <testsuite name="${escapeXml(scenario)}" ${counts} time="${seconds}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function escapeXml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
