import { exitCodes, type Report } from '../report.ts';

/** The report as JSON: fields are added, never renamed. Times in microseconds since the epoch, ids hex. */
export function formatJson(report: Report): string {
  const { verdict, window, results, gaps, nothing, error } = report;
  return `${JSON.stringify({ verdict, exitCode: exitCodes[verdict], window, results, gaps, nothing, error }, null, 2)}\n`;
}
