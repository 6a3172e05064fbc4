import { formatReport, printable } from '@clew/evidence';
import type { Report } from '../report.ts';

/**
 * The report for a terminal: the table of the checks, what could not be checked and why, and the verdict in one line. Where
 * nothing was found, that takes the place of the table.
 *
 * @param options.colour colours it with ANSI codes; off by default.
 */
export function formatVerdict(report: Report, { colour = false }: { colour?: boolean } = {}): string {
  const { results, nothing } = report;
  const gaps = report.gaps.map(
    ({ kind, signal, reason, count }) => `  ${kind} ${signal}: ${printable(reason)} (${count})`,
  );
  return [
    ...(nothing === undefined ? [formatReport(results, { colour })] : [`${printable(nothing)}\n`]),
    ...(gaps.length > 0 ? [`Not in the evidence:\n${gaps.join('\n')}\n`] : []),
    ...unchecked(report),
    `${inWords(report)}\n`,
  ].join('\n');
}

function unchecked({ results, nothing }: Report): string[] {
  if (nothing !== undefined) return [];
  const empty = results.filter(({ status }) => status === 'nothing-to-check').map(({ name }) => name);
  if (empty.length === 0) return [];
  const flags = empty.map((name) => `--skip ${name}`).join(' ');
  return [`A check that finds nothing to check does not hold. If there should be nothing: ${flags}\n`];
}

function inWords({ verdict, results }: Report): string {
  const held = results.filter(({ status }) => status === 'holds').length;
  const count = `${held} of ${results.length} checks hold`;
  if (verdict === 'holds') return `Verified: ${count}.`;
  return verdict === 'falls-short'
    ? `Broken: ${count}.`
    : `Not verified: ${count}, for the others there was nothing to check.`;
}
