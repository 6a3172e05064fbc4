import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatJson } from '../output/json.ts';
import { formatJunit } from '../output/junit.ts';
import { formatVerdict } from '../output/table.ts';
import { exitCodes, type Report } from '../report.ts';
import { verifyLocal } from '../verify-local.ts';
import { verifyStores } from '../verify-stores.ts';
import { verifyHelp } from './help.ts';
import { type Format, parseVerify } from './parse-verify.ts';
import { createProgress } from './progress.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const COULD_NOT_CHECK = exitCodes['could-not-check'];

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
  try {
    const { backend, output } = command;
    const report = await (backend === undefined
      ? verifyStores(command, folder, progress)
      : verifyLocal(command, folder));
    progress.end();
    const text = format(report, output.format, process.stdout.isTTY && output.file === undefined);
    if (output.file === undefined) process.stdout.write(text);
    else writeFileSync(output.file, text);
    return exitCodes[report.verdict];
  } catch (error) {
    progress.end();
    console.error(error instanceof Error ? error.message : String(error));
    return COULD_NOT_CHECK;
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted);
    removeFolder();
  }
}

function format(report: Report, format: Format, colour: boolean): string {
  if (format === 'json') return formatJson(report);
  return format === 'junit' ? formatJunit(report) : formatVerdict(report, { colour });
}
