import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Tool, tools } from './programs.ts';
import { createProgress } from './progress.ts';

export interface InstallOptions {
  /** Where progress is shown. */
  out: NodeJS.WriteStream;
  /** Where programs go, `bin` below it; `.tools` of this workspace without. */
  folder?: string;
  env?: NodeJS.ProcessEnv;
}

const OURS = join(import.meta.dirname, '..', '.tools');

/**
 * Builds the programs of a Go module, unless they are there in the version that its folder pins.
 *
 * @param name a folder beside this file
 * @returns The paths of the programs.
 * @throws when there is no such tool, no Go, or the build fails: with what to do.
 */
export async function installTool(name: string, options: InstallOptions): Promise<string[]> {
  const { out, folder = OURS, env = process.env } = options;
  const tool = tools[name];
  if (tool === undefined) throw new Error(`${name}: no such tool; there are ${Object.keys(tools).join(', ')}`);
  const { module, packages, version } = readModule(name);
  const bin = join(folder, 'bin');
  const programs = packages.map((path) => join(bin, programOf(path)));
  const stamp = join(folder, `${name}.built-from`);
  const wanted = fingerprint(module, tool);
  const there = programs.every((program) => existsSync(program)) && existsSync(stamp);
  if (there && readFileSync(stamp, 'utf8') === wanted) return programs;

  const label = version === undefined ? name : `${name} ${version}`;
  const go = { module, env: { ...env, CGO_ENABLED: '0', GOWORK: 'off' }, label };
  const set = tool.versionVariable === undefined ? '' : ` -X ${tool.versionVariable}=${version}`;
  const flags = ['-trimpath', `-ldflags=-s -w${set}`, `-tags=${tool.tags?.join(',') ?? ''}`];
  const progress = createProgress(out, label);
  progress.show('downloading its modules');
  const all = await runGo(['list', '-deps', ...flags, '-f', '{{.Stale}}', ...packages], go);
  const stale = all.filter((line) => line === 'true').length;
  const knownSeconds = (tool.seconds * stale) / all.length;

  let compiled = 0;
  // With -v go names each package that it compiles.
  const onNote = () => progress.count('compiling', { done: Math.min(++compiled, stale), of: stale, knownSeconds });
  mkdirSync(bin, { recursive: true });
  await runGo(['build', '-v', ...flags, '-o', `${bin}/`, ...packages], { ...go, onNote });
  writeFileSync(stamp, wanted);
  progress.end('built');
  return programs;
}

function fingerprint(module: string, { tags = [], versionVariable = '' }: Tool): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(module).sort()) hash.update(readFileSync(join(module, file)));
  return hash.update(tags.join()).update(versionVariable).digest('hex');
}

interface Module {
  /** Its folder. */
  module: string;
  /** Those that `tool` names. */
  packages: string[];
  /** Of the module that has them; none when it is this one. */
  version?: string;
}

function readModule(name: string): Module {
  const module = join(import.meta.dirname, name);
  const text = readFileSync(join(module, 'go.mod'), 'utf8');
  const [, one, several = ''] = /^tool (?:([^\s(]+)$|\(([^)]*)\))/m.exec(text) ?? [];
  const packages = one === undefined ? several.split(/\s+/).filter((path) => path !== '') : [one];
  const required = [...text.matchAll(/^(?:require )?\s*(\S+) (v\S+)/gm)];
  const version = required.find(([, path]) => packages.every((one) => `${one}/`.startsWith(`${path}/`)))?.[2];
  if (packages.length > 0 && version !== undefined) return { module, packages, version };
  const [, own] = /^module (\S+)$/m.exec(text) ?? [];
  if (own !== undefined && packages.includes(own)) return { module, packages };
  throw new Error(`${module}/go.mod: no "tool" that it requires`);
}

/** As `go build` names it: the last part of the path that is no major version. */
function programOf(path: string): string {
  return basename(/^v\d+$/.test(basename(path)) ? dirname(path) : path);
}

interface GoOptions {
  module: string;
  env: NodeJS.ProcessEnv;
  label: string;
  /** Called for each line of stderr. */
  onNote?: () => void;
}

/** Runs go in the folder of a module and resolves with the lines of its stdout. */
async function runGo(args: string[], { module, env, label, onNote }: GoOptions): Promise<string[]> {
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
