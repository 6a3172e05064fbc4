import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command and waits until it ends. */
export function clew(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return run(['-C', 'clew-source', path('../../src/main.ts'), ...args], env);
}

/** The same as the shell would, by the file in `bin/`. */
export function clewBin(args: string[]): Promise<Ended> {
  return run([path('../../bin/clew.mjs'), ...args], {});
}

async function run(args: string[], env: Record<string, string>): Promise<Ended> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, code] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ]);
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}
