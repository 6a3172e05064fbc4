import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export interface InstallOptions {
  /** Where progress is shown. */
  out: NodeJS.WriteStream;
  /** Where programs go, `bin` below it; `.tools` of this workspace without. */
  folder?: string;
  env?: NodeJS.ProcessEnv;
}

const TOOLS = import.meta.dirname;
const OURS = join(TOOLS, '..', '.tools');

/** Every program that can be built: the folders here that are a Go module. */
export function toolNames(): string[] {
  return globSync('*/go.mod', { cwd: TOOLS }).map(dirname).sort();
}

/**
 * Builds a program from its Go module, unless it is there in the version that its `go.mod` and `go.sum` pin.
 *
 * @returns The path of the program.
 * @throws when there is no such tool, no Go, or the build fails: with what to do.
 */
export async function installTool(name: string, options: InstallOptions): Promise<string> {
  const { out, folder = OURS, env = process.env } = options;
  if (!toolNames().includes(name)) throw new Error(`${name}: no such tool; there are ${toolNames().join(', ')}`);
  const module = join(TOOLS, name);
  const program = join(folder, 'bin', name);
  const stamp = join(folder, `${name}.built-from`);
  const wanted = fingerprint(module);
  if (existsSync(program) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return program;

  const { path, version } = readModule(module);
  const label = `${name} ${version}`;
  mkdirSync(dirname(program), { recursive: true });
  const goEnv = { ...env, CGO_ENABLED: '0', GOWORK: 'off' };
  const show = createProgress(out, label);
  show('downloading its modules');
  const packages = (await go(['list', '-deps', path], { module, env: goEnv, label })).length;
  let compiled = 0;
  const onNote = () => {
    compiled += 1;
    show(`compiling, ${compiled} of ${packages}`);
  };
  // With -v go names each package when it compiles it; what its cache has is not named, so the last ones are never seen.
  const build = ['build', '-v', '-trimpath', '-ldflags=-s -w', '-o', program, path];
  await go(build, { module, env: goEnv, label, onNote });
  writeFileSync(stamp, wanted);
  show('built', true);
  return program;
}

function fingerprint(module: string): string {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(module, file)));
  return hash.digest('hex');
}

/** The package that `tool` names, and the version of the module that has it. */
function readModule(module: string): { path: string; version: string } {
  const text = readFileSync(join(module, 'go.mod'), 'utf8');
  const path = /^tool (\S+)$/m.exec(text)?.[1];
  const required = [...text.matchAll(/^(?:require )?\s*(\S+) (v\S+)/gm)];
  const owner = required.find(([, required = '']) => path === required || path?.startsWith(`${required}/`));
  if (path === undefined || owner?.[2] === undefined) throw new Error(`${module}/go.mod: no "tool" that it requires`);
  return { path, version: owner[2] };
}

interface GoOptions {
  module: string;
  env: NodeJS.ProcessEnv;
  label: string;
  /** Sees each line of stderr. */
  onNote?: () => void;
}

/** Runs go in the folder of a module and resolves with the lines of its stdout. */
async function go(args: string[], { module, env, label, onNote }: GoOptions): Promise<string[]> {
  const child = spawn('go', args, { cwd: module, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  const notes: string[] = [];
  createInterface(child.stderr).on('line', (line) => {
    notes.push(line);
    onNote?.();
  });
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  const code = await ended.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new Error(
      `${label} is built with Go, which is not on PATH: install Go 1.26 or newer (https://go.dev/dl/), or put ${label.replace(' v', ' ')} on PATH yourself`,
    );
  });
  if (code === 0) return lines;
  const last = notes.slice(-8).join('\n  ');
  throw new Error(`${label} could not be built: go ${args[0]} ended with ${code}\n  ${last}`);
}

/** One line, rewritten on a terminal; elsewhere only what changes. */
function createProgress(out: NodeJS.WriteStream, label: string): (what: string, last?: boolean) => void {
  const startedAt = performance.now();
  let shown = '';
  return (what, last = false) => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const [step = ''] = what.split(',');
    if (out.isTTY) out.write(`\r\x1b[2K${label}: ${what} (${seconds} s)${last ? '\n' : ''}`);
    else if (step !== shown) out.write(`${label}: ${step} (${seconds} s)\n`);
    shown = step;
  };
}
