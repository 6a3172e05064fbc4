import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const LAST_LINES = 20;
/** For `--import`, with a pipe as stdin: ends the process with this one. */
export const LEASH = new URL('./leash.ts', import.meta.url).href;

export interface ChildOptions {
  /** For messages. */
  name: string;
  /** Absolute path of the TypeScript file. */
  file: string;
  args?: string[];
  env?: Record<string, string>;
  /** Starts it again whenever a file changes that it has loaded. */
  watch?: boolean;
  /** Sees every line of stdout. */
  onLine?: (line: string) => void;
}

/** A process of the demo that keeps its last lines, so that its end can be explained. */
export interface Child {
  name: string;
  process: ChildProcess;
  /**
   * Resolves with the first stdout line for which `pick` returns something. Rejects when the process ends before, or
   * says no such thing in time: then it is killed.
   */
  waitForLine<T>(pick: (line: string) => T | undefined, timeoutMs: number): Promise<T>;
  /** Its last lines on stdout and stderr. */
  lastLines(): string[];
  /** Sends SIGTERM, after `timeoutMs` SIGKILL, and resolves with the exit code (null when it was killed). */
  stop(timeoutMs: number): Promise<number | null>;
  /** Resolves when the process has ended. */
  ended: Promise<number | null>;
}

/** Starts `file` with the Node that runs this process, from source. */
export function startChild({ name, file, args = [], env = {}, watch = false, onLine }: ChildOptions): Child {
  const nodeOptions = [
    '-C',
    'clew-source',
    ...(watch ? ['--watch', '--watch-preserve-output'] : []),
    '--import',
    LEASH,
  ];
  const child = spawn(process.execPath, [...nodeOptions, file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Not in the terminal's process group: Ctrl-C reaches the demo alone, which then stops its children in order.
    detached: true,
  });
  const last: string[] = [];
  const watchers = new Set<(line: string) => void>();
  const keep = (line: string) => {
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
  };
  createInterface(child.stderr).on('line', keep);
  createInterface(child.stdout).on('line', (line) => {
    keep(line);
    onLine?.(line);
    for (const watch of watchers) watch(line);
  });
  // 'close' and not 'exit': by then the last lines have been read.
  const ended = once(child, 'close').then(([code]) => code as number | null);

  return {
    name,
    process: child,
    ended,
    lastLines: () => [...last],
    waitForLine(pick, timeoutMs) {
      return new Promise((resolve, reject) => {
        const settle = (finish: () => void) => {
          clearTimeout(timer);
          watchers.delete(watch);
          finish();
        };
        const watch = (line: string) => {
          const picked = pick(line);
          if (picked !== undefined) settle(() => resolve(picked));
        };
        const fail = (why: string) => {
          child.kill('SIGKILL');
          settle(() => reject(new Error(explain(`${name} ${why}`, last))));
        };
        const timer = setTimeout(() => fail(`did not get ready in ${timeoutMs / 1000} s`), timeoutMs);
        watchers.add(watch);
        void ended.then(() => fail(`${ending(child)} while it was starting`));
      });
    },
    async stop(timeoutMs) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
      const code = await ended;
      clearTimeout(timer);
      return code;
    },
  };
}

/** How a process has ended, in words. */
export function ending({ exitCode, signalCode }: ChildProcess): string {
  return signalCode ? `was killed by ${signalCode}` : `ended with exit code ${exitCode}`;
}

/** A message with the last lines of a process below it. */
export function explain(message: string, lines: string[]): string {
  return lines.length === 0 ? `${message}; it said nothing.` : `${message}. Its last lines:\n  ${lines.join('\n  ')}`;
}
