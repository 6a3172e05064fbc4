import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { explain } from '../../demo/src/child.ts';
import { findProgram } from '../support/programs.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const LAST_LINES = 20;

export interface StoreOptions {
  name: string;
  /** Its path, when it is not found by its name. */
  program?: string;
  /** Of its own, for its configuration and its data. */
  folder: string;
  /** Its configuration, in YAML; JSON is YAML. */
  config?: object;
  /** @param file of the configuration */
  args: (file: string) => string[];
  env?: Record<string, string>;
  /** Answers 2xx when it takes and gives data. */
  readyUrl: string;
  /** How `readyUrl` is asked; by fetch, unless it takes more. */
  answers?: (readyUrl: string) => Promise<boolean>;
}

/** A program that keeps telemetry. It can be stopped and started again on the same data and the same ports. */
export interface Store {
  start(): Promise<void>;
  /** By SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
}

export function createStore(options: StoreOptions): Store {
  const { name, program, folder, config = {}, args, env = {}, readyUrl, answers = answersFetch } = options;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'config.yaml');
  writeFileSync(file, JSON.stringify(config, null, 2));
  let child: ChildProcess | undefined;
  let ended = Promise.resolve();
  const last: string[] = [];

  return {
    async start() {
      const running = spawnOnLeash(program ?? findProgram(name) ?? name, args(file), {
        cwd: folder,
        env: { ...process.env, ...env },
      });
      child = running;
      for (const stream of [running.stdout, running.stderr]) {
        if (stream !== null)
          createInterface(stream).on('line', (line) => {
            last.push(line);
            if (last.length > LAST_LINES) last.shift();
          });
      }
      let over = false;
      ended = once(running, 'close').then(() => {
        over = true;
      });
      const until = performance.now() + START_TIMEOUT_MS;
      while (!(await answers(readyUrl))) {
        if (over) throw new Error(explain(`${name} ended while it was starting`, last));
        if (performance.now() > until) throw new Error(explain(`${name} is not ready`, last));
        await Promise.race([delay(100), ended]);
      }
    },
    async stop() {
      child?.kill('SIGTERM');
      const timer = setTimeout(() => child?.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Where Linux can do it, it ends with this process, however that ends. */
function spawnOnLeash(program: string, args: string[], options: SpawnOptions): ChildProcess {
  const leash = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL'] : [];
  const [command = program, ...rest] = [...leash, program, ...args];
  return spawn(command, rest, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function answersFetch(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
