import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { findProgram } from '../support/programs.ts';

/** Why Loki cannot be asked; false when it can. */
export const noLoki = findProgram('loki') === undefined && 'left out: no loki; npm run tools -- loki';

/** What Loki says against a configuration; undefined when it takes it. */
export function lokiProblem(config: object): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'clew-loki-'));
  try {
    const file = join(folder, 'loki.yaml');
    writeFileSync(file, stringify(config));
    const args = [`-config.file=${file}`, '-config.expand-env=true', '-verify-config'];
    const env = { ...process.env, AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };
    const { status, stdout, stderr, error } = spawnSync(findProgram('loki') ?? 'loki', args, { encoding: 'utf8', env });
    if (error !== undefined) throw error;
    return status === 0 ? undefined : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
