import assert from 'node:assert/strict';
import { runChecks } from '../../packages/evidence/src/index.ts';
import {
  type LocalBackend,
  type LocalBackendOptions,
  startLocalBackend,
} from '../../packages/local-backend/src/index.ts';
import { type Environment, type RunningService, runService } from './running-service.ts';
import type { ServiceUnderTest } from './services.ts';

/** A local backend in this process. */
export interface RunningBackend extends LocalBackend, AsyncDisposable {}

/** A service and the backend it sends to. */
export interface Run extends AsyncDisposable {
  backend: RunningBackend;
  service: RunningService;
}

/** Starts a backend on free ports; disposing of it closes it. */
export async function startBackend(options: LocalBackendOptions = {}): Promise<RunningBackend> {
  // Scraped when a test asks for it, and at the stop: whatever else scraped would end the linger of a metrics listener.
  const backend = await startLocalBackend({ warn: () => {}, scrapeIntervalMs: 600_000, ...options });
  return { ...backend, [Symbol.asyncDispose]: () => backend.close() };
}

/**
 * Starts a backend and a service that sends to it.
 *
 * @example
 * await using run = await startRun(under, { OTEL_TRACES_SAMPLER: 'always_off' });
 * await run.service.send({ path: '/api/users', route: '/api/users' });
 */
export async function startRun(under: ServiceUnderTest, env: Environment = {}): Promise<Run> {
  await using started = new AsyncDisposableStack();
  const backend = started.use(await startBackend());
  const service = started.use(await runService(under, backend, env));
  const running = started.move();
  return { backend, service, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Fails with the examples of the first check that does not hold; all checks have to, unless some are named. */
export function assertChecksHold({ evidence }: LocalBackend, only?: string[]): void {
  for (const result of runChecks(evidence, only ? { only } : {})) {
    const { name, status, checked, held, examples, cause } = result;
    const details = `${name}: ${status}, ${held} of ${checked}; ${cause}\n${JSON.stringify(examples, null, 2)}`;
    assert.equal(status, 'holds', details);
  }
}
