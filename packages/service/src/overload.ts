import { getHeapStatistics } from 'node:v8';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { ProblemError } from './problem.ts';

export interface OverloadOptions {
  /** Mean delay of the event loop in milliseconds: what each request waits before anything is done for it. */
  maxEventLoopDelay?: number;
  /** 0: no limit. */
  maxHeapUsedBytes?: number;
  /** Share of time the event loop is busy, 0 to 1. Off by default: one busy core that answers in time is no overload. */
  maxEventLoopUtilization?: number;
  /** Milliseconds between two measurements. */
  sampleInterval?: number;
  /** Seconds after which a refused client may try again. */
  retryAfter?: number;
}

/**
 * Refuses requests with 503 and Retry-After while the process has more to do than it can, instead of making all wait.
 * Routes with `config: { shed: false }` are answered nevertheless.
 */
export const overload = fp(shedLoad, { name: '@clew/service/overload' });

async function shedLoad(app: FastifyInstance, options: OverloadOptions): Promise<void> {
  const { retryAfter = 1, maxHeapUsedBytes = 0.9 * getHeapStatistics().heap_size_limit, ...measured } = options;
  const isFull = () => maxHeapUsedBytes > 0 && app.memoryUsage().heapUsed > maxHeapUsedBytes;
  await app.register(underPressure, {
    maxEventLoopDelay: 1_000,
    maxHeapUsedBytes,
    eventLoopUtilizationMode: 'interval',
    ...measured,
    async pressureHandler(request, _reply, _type, value) {
      if (request.routeOptions.config.shed === false) return;
      // Between two measurements there was none, as on a machine that gave the process no time: that is no delay yet,
      // and nobody has looked at the heap.
      if (value === Infinity && !isFull()) return;
      throw new ProblemError(503, 'The service has more to do than it can. Try again later.', {
        code: 'overloaded',
        headers: { 'retry-after': String(retryAfter) },
        logged: false, // A line and a stack trace for each refused request would be load of its own.
      });
    },
  });
}
