import { constants } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config-schema.ts';
import { listen } from './listen.ts';
import { settlesWithin } from './settles-within.ts';
import { stop } from './stop.ts';
import type { Telemetry } from './telemetry.ts';

export interface RunOptions {
  app: FastifyInstance;
  config: Pick<Config, 'HOST' | 'PORT' | 'DRAIN_DELAY' | 'METRICS_LINGER'>;
  telemetry: Pick<Telemetry, 'logger' | 'shutdown'>;
  /** What stands for the process in a test. */
  proc?: ProcessLike;
}

interface ProcessLike {
  on(event: string, listener: (value: unknown) => void): unknown;
  exit(code: number): void;
  stderr: { write(text: string): unknown; on(event: 'error', listener: () => void): unknown };
}

/**
 * Runs a service until the process ends. SIGTERM and SIGINT stop it in order (exit code 0), a second one at once (128
 * and the signal's number); what nobody caught is logged, telemetry handed over, exit code 1. Without a port to listen on
 * the code is 1 too, and the reason is on stderr alone, as of settings that cannot work. Resolves when the service listens.
 */
export async function run({ app, config, telemetry, proc = process }: RunOptions): Promise<void> {
  const { logger } = telemetry;
  let shutdown: Promise<void> | undefined;
  const once = { logger, shutdown: () => (shutdown ??= telemetry.shutdown()) };
  let ending: 'not' | 'stopping' | 'failing' = 'not';

  async function onSignal(signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
    if (ending !== 'not') return proc.exit(128 + constants.signals[signal]);
    ending = 'stopping';
    // A tracer and a logger provider have 5 s, the meter provider after them too; the metrics listener may linger.
    const shutdownTimeout = 11_000 + config.METRICS_LINGER;
    const delivered = await stop({ app, telemetry: once, drainDelay: config.DRAIN_DELAY, shutdownTimeout });
    if (!delivered) proc.stderr.write('Telemetry was not handed over in time; the last of it is lost.\n');
    proc.exit(0);
  }

  async function fail(msg: string, error: unknown): Promise<void> {
    logger.fatal({ err: error instanceof Error ? error : new Error(String(error)) }, msg);
    await giveUp(6_000);
  }

  async function giveUp(deadline: number): Promise<void> {
    if (ending === 'failing') return;
    ending = 'failing';
    app.lifecycle.draining = true;
    app.server.close();
    await settlesWithin(once.shutdown(), deadline).catch(() => {});
    proc.exit(1);
  }

  proc.on('SIGTERM', () => void onSignal('SIGTERM'));
  proc.on('SIGINT', () => void onSignal('SIGINT'));
  proc.on('uncaughtException', (error) => void fail('uncaught exception', error));
  proc.on('unhandledRejection', (reason) => void fail('unhandled rejection', reason));
  // When nobody reads stderr any more, writing to it must not become the next uncaught exception.
  proc.stderr.on('error', () => {});

  try {
    await listen(app, config);
  } catch (error) {
    proc.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    // Nothing has been counted that a last scrape would miss, and somebody waits to read why it did not start.
    await giveUp(1_000);
  }
}
