/**
 * Time and peak memory of the checks over a large file, each in a process of its own, and all in one.
 *
 *   node -C clew-source packages/evidence/bench/main.ts [--traces 250000] [--only CHECK ...]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checks } from '../src/checks/all.ts';
import { fill } from './fill.ts';

const { values } = parseArgs({
  options: { traces: { type: 'string', default: '250000' }, only: { type: 'string', multiple: true } },
});
const folder = mkdtempSync(join(tmpdir(), 'clew-evidence-'));
try {
  const file = join(folder, 'bench.clew');
  fill(file, Number(values.traces));
  console.log(`${Number(values.traces) * 4} spans and as many log lines, ${Math.round(statSync(file).size / 1e6)} MB`);
  const names = values.only ?? checks.map(({ name }) => name);
  for (const only of [...names.map((name) => [name]), names]) measure(file, only);
} finally {
  rmSync(folder, { recursive: true });
}

function measure(file: string, only: string[]): void {
  const script = join(import.meta.dirname, 'measure.ts');
  const { status } = spawnSync(process.execPath, [...process.execArgv, script, file, ...only], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
