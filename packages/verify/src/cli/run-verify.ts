import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printable } from '@clew/evidence';
import { formatJson } from '../output/json.ts';
import { formatJunit } from '../output/junit.ts';
import { formatVerdict } from '../output/table.ts';
import { exitCodes, type Report } from '../report.ts';
import { verifyLocal } from '../verify-local.ts';
import { verifyStores } from '../verify-stores.ts';
import { verifyHelp } from './help.ts';
import { type Format, parseVerify, type VerifyCommand } from './parse-verify.ts';
import { createProgress, type Progress } from './progress.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const COULD_NOT_CHECK = exitCodes['could-not-check'];

/** What a run gives to those who read evidence and check it. */
export interface Run {
  /** For files; removed at the end. */
  folder: string;
  progress: Progress;
  /** Is called when everything is read. */
  beforeChecks: () => void;
}

/** Runs `clew verify` and returns what the process is to end with. */
export async function runVerify(args: string[]): Promise<number> {
  const command = parseVerify(args, process.env);
  if (command.help) {
    process.stdout.write(verifyHelp());
    return 0;
  }
  if (command.problems.length > 0) {
    console.error([...command.problems, 'see clew verify --help'].join('\n'));
    return COULD_NOT_CHECK;
  }
  const folder = mkdtempSync(join(tmpdir(), 'clew-verify-'));
  const progress = createProgress(process.stderr);
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  const interrupted = () => {
    removeFolder();
    process.exit(130);
  };
  for (const signal of SIGNALS) process.once(signal, interrupted);
  // The checks block the process: a handler would not run before they are over, the default ends it at once.
  const beforeChecks = () => {
    for (const signal of SIGNALS) process.off(signal, interrupted);
  };
  try {
    const run = { folder, progress, beforeChecks };
    const report = await reportOf(command, run);
    progress.end();
    if (report.error !== undefined) console.error(report.error.split('\n').map(printable).join('\n'));
    write(report, command.output);
    return exitCodes[report.verdict];
  } finally {
    progress.end();
    beforeChecks();
    removeFolder();
  }
}

/** A failure of a store is a report, too: whoever reads a file in CI has to find it there. */
async function reportOf(command: VerifyCommand, run: Run): Promise<Report> {
  try {
    return await (command.backend === undefined ? verifyStores(command, run) : verifyLocal(command, run));
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown.message : String(thrown);
    return { verdict: 'could-not-check', window: { since: null, until: null }, results: [], gaps: [], error };
  }
}

function write(report: Report, { format, file }: VerifyCommand['output']): void {
  // Of an error a table says no more than stderr does.
  if (format === 'table' && report.error !== undefined) return;
  const text = formatReport(report, format, process.stdout.isTTY && file === undefined);
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text);
}

function formatReport(report: Report, format: Format, colour: boolean): string {
  if (format === 'json') return formatJson(report);
  return format === 'junit' ? formatJunit(report) : formatVerdict(report, { colour });
}
