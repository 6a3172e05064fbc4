import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openEvidence } from '@clew/evidence';
import { exitCodes, formatVerdict, verifyEvidence } from '@clew/verify';
import { HELP, readOptions } from './options.ts';
import { choosePorts } from './ports.ts';
import { runDemo } from './run-demo.ts';

const EXIT_COULD_NOT_RUN = 2;

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted) process.exit(130); // the second time at once; the children's stdin ends with us
    stopping.abort();
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = EXIT_COULD_NOT_RUN;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const ports = await choosePorts(options.ports, (text) => console.log(`  ${text}`));
  const folder = mkdtempSync(join(tmpdir(), 'clew-'));
  const file = options.keep === undefined ? join(folder, 'evidence.sqlite') : resolve(options.keep);
  try {
    await runDemo({ options, ports, file, stop: stopping.signal });
    const evidence = openEvidence({ file, readOnly: true });
    const report = verifyEvidence(evidence);
    evidence.close();
    console.log(`\n${formatVerdict(report, { colour: process.stdout.isTTY })}`);
    if (options.keep !== undefined) console.log(`The evidence of this run is in ${file}`);
    return exitCodes[report.verdict];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
