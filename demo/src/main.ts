import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openEvidence } from '@clew/evidence';
import { exitCodes, formatVerdict, verifyEvidence } from '@clew/verify';
import { findK6, howToGetK6 } from '../../load/runner/find-k6.ts';
import { findStory } from '../../load/runner/stories.ts';
import { HELP, readOptions } from './options.ts';
import { choosePorts } from './ports.ts';
import { runDemo } from './run-demo.ts';

const EXIT_COULD_NOT_RUN = 2;

// A terminal signals the whole process group, npm and clew.mjs pass the signal on: one Ctrl-C arrives several times.
const SAME_CTRL_C_MS = 1_000;
const stopping = new AbortController();
let stoppingSince = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!stopping.signal.aborted) stoppingSince = performance.now();
    else if (performance.now() - stoppingSince > SAME_CTRL_C_MS) process.exit(130); // the children's stdin ends with us
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
  const skip = options.scenario === undefined ? [] : findStory(options.scenario).breaks;
  if (options.scenario !== undefined && findK6() === undefined) throw new Error(howToGetK6);
  if (options.keep !== undefined && existsSync(options.keep)) {
    throw new Error(`--keep ${options.keep} is there already, and a run has a file of its own: name another`);
  }
  const ports = await choosePorts(options.ports, (text) => console.log(`  ${text}`));
  const folder = mkdtempSync(join(tmpdir(), 'clew-'));
  const file = options.keep === undefined ? join(folder, 'evidence.sqlite') : resolve(options.keep);
  try {
    const played = await runDemo({ options, ports, file, folder, stop: stopping.signal });
    const evidence = openEvidence({ file, readOnly: true });
    const report = verifyEvidence(evidence, { skip });
    evidence.close();
    console.log(`\n${formatVerdict(report, { colour: process.stdout.isTTY })}`);
    if (skip.length > 0)
      console.log(`Not checked, since ${options.scenario} makes them fall short: ${skip.join(', ')}`);
    if (options.keep !== undefined) console.log(`The evidence of this run is in ${file}`);
    return played === 0 ? exitCodes[report.verdict] : played;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
