import type { FastifyInstance } from 'fastify';
import { settlesWithin } from './settles-within.ts';

/** Rejects when the dependency cannot be used; gives up when the signal aborts. */
export type DependencyCheck = (signal: AbortSignal) => Promise<unknown>;

interface WatchOptions {
  dependencies: Record<string, DependencyCheck>;
  interval: number;
  timeout: number;
}

/**
 * Runs the checks when the app is ready and then in rounds until it closes, and logs when an outcome changes.
 *
 * @returns The names of the dependencies that failed last time; it is kept up to date.
 */
export function watchDependencies(
  app: FastifyInstance,
  { dependencies, interval, timeout }: WatchOptions,
): ReadonlySet<string> {
  const failing = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  async function checkOne([name, check]: [string, DependencyCheck]): Promise<void> {
    const failure = await outcome(check, timeout);
    if (failure !== undefined && !failing.has(name)) {
      failing.add(name);
      app.log.warn({ err: failure, dependency: name }, 'dependency unavailable');
    } else if (failure === undefined && failing.delete(name)) {
      app.log.info({ dependency: name }, 'dependency available');
    }
  }

  async function checkAll(): Promise<void> {
    await Promise.all(Object.entries(dependencies).map(checkOne));
    timer?.refresh();
  }

  app.addHook('onReady', async () => {
    await checkAll();
    if (Object.keys(dependencies).length > 0) timer = setTimeout(() => void checkAll(), interval).unref();
  });
  app.addHook('onClose', async () => {
    clearTimeout(timer);
    timer = undefined;
  });
  return failing;
}

async function outcome(check: DependencyCheck, timeout: number): Promise<Error | undefined> {
  try {
    // A check that ignores its signal must not stop the rounds.
    const inTime = await settlesWithin(check(AbortSignal.timeout(timeout)), timeout);
    return inTime ? undefined : new Error(`no answer within ${timeout} ms`);
  } catch (cause) {
    return new Error('the check failed', { cause });
  }
}
