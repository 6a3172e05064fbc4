import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp, health, type limits, openapi } from '@clew/service';
import type { FastifyRequest } from 'fastify';
import { fakeTelemetry } from '../../service/test/fake-telemetry.ts';
import { type FaultsOptions, faults, peerIsDown } from '../src/index.ts';

interface Settings extends Partial<FaultsOptions['config']> {
  override?: Partial<typeof limits>;
}

/** A service with two routes, its faults, and telemetry that only remembers. */
export async function buildApp(t: TestContext, { override = {}, ...settings }: Settings = {}) {
  const telemetry = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY: 'false' }, logger: telemetry.logger, override });
  t.after(async () => {
    app.server.closeAllConnections();
    await app.close();
  });
  await app.register(telemetry.httpPlugin);
  await app.register(health);
  await app.register(openapi, { describe: telemetry.describe });
  await app.register(faults, { config: { SEED: 1, FAULTS_FROM_HEADERS: false, ...settings }, userIdOf });
  app.get('/work', async (request) => ({ peer: peerIsDown(request) ? 'down' : 'up' }));
  app.get('/users/:id', async () => {
    await delay(1);
    return {};
  });
  await app.ready();
  return { app, telemetry };
}

function userIdOf({ params }: FastifyRequest): string | undefined {
  return (params as { id?: string }).id; // only one route has parameters
}

/** The header of a request that asks for faults. */
export function asking(faults: string): { 'x-clew-fault': string } {
  return { 'x-clew-fault': faults };
}
