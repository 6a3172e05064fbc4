import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

/** A process of the bench that answers questions over IPC. */
export interface Child {
  /** Asks the handler `question` of the child; rejects when the child ends before it answers. */
  ask<Answer>(question: string, value?: unknown): Promise<Answer>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface ChildOptions {
  args?: string[];
  /** Options of Node itself. */
  nodeOptions?: string[];
  /** Comes in place of the own environment, so that no variable of the caller's shell changes a measurement. */
  env?: Record<string, string>;
  /** The core it is bound to, where that can be done. */
  core: number;
  /** Where its output goes: a file descriptor, or nowhere. */
  stdout?: number | 'ignore';
}

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** Starts a file of this folder with Node and waits until it is ready to answer (`answerQuestions`). */
export async function startChild(file: URL, options: ChildOptions): Promise<Child> {
  const { args = [], nodeOptions = [], env = {}, core, stdout = 'ignore' } = options;
  const node = [process.execPath, ...nodeOptions];
  const [execPath = '', ...execArgv] = canPin ? ['taskset', '-c', String(core), ...node] : node;
  const child = fork(file, args, {
    execPath,
    execArgv,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', stdout, 'inherit', 'ipc'],
  });
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  const ended = once(child, 'exit').then(([code, signal]) => {
    for (const { reject } of pending.values()) reject(new Error(`${file.pathname} ended: ${code ?? signal}`));
  });
  const ask = async <Answer>(question: string, value?: unknown): Promise<Answer> => {
    const answer = Promise.withResolvers<unknown>();
    const id = pending.size === 0 ? 1 : Math.max(...pending.keys()) + 1;
    pending.set(id, answer);
    child.send({ id, question, value }, (err) => err && answer.reject(err));
    return answer.promise.finally(() => pending.delete(id)) as Promise<Answer>; // what its handler returns
  };
  child.on('message', ({ id, value }: { id: number; value: unknown }) => pending.get(id)?.resolve(value));
  const ready = Promise.withResolvers<unknown>();
  pending.set(0, ready);
  await ready.promise;
  pending.delete(0);
  return {
    ask,
    async stop(signal = 'SIGKILL') {
      child.kill(signal);
      await ended;
    },
  };
}

/** The other side: says that this process is ready, and answers each question with what its handler returns. */
export function answerQuestions(handlers: Record<string, (value: never) => unknown>): void {
  process.on('message', async ({ id, question, value }: { id: number; question: string; value: never }) => {
    process.send?.({ id, value: await handlers[question]?.(value) });
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ id: 0 });
}
