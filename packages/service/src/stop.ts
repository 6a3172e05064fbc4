import timers from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { settlesWithin } from './settles-within.ts';
import type { Telemetry } from './telemetry.ts';

export interface StopOptions {
  app: FastifyInstance;
  telemetry: Pick<Telemetry, 'logger' | 'shutdown'>;
  /** Milliseconds: between not ready and closing, for open requests, and for telemetry. */
  drainDelay: number;
  closeTimeout?: number;
  shutdownTimeout?: number;
}

/**
 * Stops without losing what was answered: not ready, wait until nobody sends requests any more, finish those that are
 * open, and only then hand over the telemetry, theirs included. Never takes longer than its three times together, plus
 * a second.
 *
 * @returns Whether telemetry was handed over in time.
 */
export async function stop({
  app,
  telemetry,
  drainDelay,
  closeTimeout = 12_000,
  shutdownTimeout = 11_000,
}: StopOptions): Promise<boolean> {
  const { logger } = telemetry;
  app.lifecycle.draining = true;
  logger.info('server stopping');
  await timers.setTimeout(drainDelay);

  try {
    const closed = close(app);
    if (!(await settlesWithin(closed, closeTimeout))) {
      logger.warn({ 'clew.connections.aborted': app.lifecycle.sockets.size }, 'connections aborted');
      app.server.closeAllConnections();
      await settlesWithin(closed, 1_000);
    }
  } catch (error) {
    logger.error({ err: error }, 'server not closed cleanly');
  }
  logger.info('server stopped');
  try {
    return await settlesWithin(telemetry.shutdown(), shutdownTimeout);
  } catch {
    return false;
  }
}

async function close(app: FastifyInstance): Promise<void> {
  await app.close();
  // A server closes before the last requests have been told that their connection has; telemetry ends them then.
  await Promise.all(
    [...app.lifecycle.sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
  );
}
