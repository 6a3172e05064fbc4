import type { Judged } from './summary-data.ts';

interface Run {
  thresholds: Judged[];
  /** Why there was no run. */
  notRun: string | undefined;
  seconds: number;
}

/** The thresholds of a run as JUnit XML, a test case each; of a run that did not start one case, an error. */
export function formatJunit(scenario: string, { thresholds, notRun, seconds }: Run): string {
  const failures = thresholds.filter(({ ok }) => !ok).length;
  const caseOf = (name: string, problem?: string) => {
    const open = `    <testcase classname="${escapeXml(scenario)}" name="${escapeXml(name)}"`;
    return problem === undefined ? `${open}/>` : `${open}>\n      ${problem}\n    </testcase>`;
  };
  const cases = thresholds.map(({ metric, expression, ok, value }) =>
    caseOf(`${metric} ${expression}`, ok ? undefined : `<failure message="${escapeXml(`was ${value}`)}"/>`),
  );
  if (notRun !== undefined) cases.push(caseOf('run', `<error message="${escapeXml(notRun)}"/>`));
  const errors = notRun === undefined ? 0 : 1;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
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
