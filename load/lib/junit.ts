import type { Judged } from './judge.ts';

interface Run {
  thresholds: Judged[];
  /** Why there was no run, or not all of it. */
  error: string | undefined;
  seconds: number;
}

/**
 * The thresholds of a run as JUnit XML, a test case each, skipped when it was not judged; and one more, an error, of a run
 * that did not start, or not get to its end.
 */
export function formatJunit(scenario: string, { thresholds, error, seconds }: Run): string {
  const caseOf = (name: string, problem?: string) => {
    const open = `    <testcase classname="${escapeXml(scenario)}" name="${escapeXml(name)}"`;
    return problem === undefined ? `${open}/>` : `${open}>\n      ${problem}\n    </testcase>`;
  };
  const cases = thresholds.map(({ metric, expression, ok, value }) => {
    const problem =
      ok === null ? '<skipped message="not judged"/>' : `<failure message="${escapeXml(`was ${value}`)}"/>`;
    return caseOf(`${metric} ${expression}`, ok ? undefined : problem);
  });
  if (error !== undefined) cases.push(caseOf('run', `<error message="${escapeXml(error)}"/>`));
  const count = (which: boolean | null) => thresholds.filter(({ ok }) => ok === which).length;
  const errors = error === undefined ? 0 : 1;
  const counts = `tests="${cases.length}" failures="${count(false)}" errors="${errors}" skipped="${count(null)}"`;
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
