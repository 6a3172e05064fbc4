import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { HELM } from './charts.ts';

export interface Ended {
  code: number | null;
  /** Both streams. */
  output: string;
}

/**
 * Runs a script of a chart as its pod does: by Node alone, with nothing but these variables.
 *
 * @param script below deploy/helm, or anywhere with its whole path
 */
export function runScript(
  script: string,
  env: Record<string, string>,
  { args = [], cwd }: { args?: string[]; cwd?: string } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [resolve(HELM, script), ...args], {
    env: { PATH: process.env.PATH, ...env },
    ...(cwd !== undefined && { cwd }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((done, reject) => {
    child.on('error', reject);
    child.on('close', (code) => done({ code, output }));
  });
}
