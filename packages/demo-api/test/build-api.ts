import type { TestContext } from 'node:test';
import { createApp, health, openapi } from '@clew/service';
import { fakeTelemetry } from '../../service/test/fake-telemetry.ts';
import { type DemoApiOptions, demoApi } from '../src/demo-api.ts';

/** The API as the services serve it, with telemetry that only remembers. */
export async function buildApi(
  t: TestContext,
  settings: Partial<typeof defaults> & { PEER_URL?: string } = {},
  options: Pick<DemoApiOptions, 'peerIsDown'> = {},
) {
  const telemetry = fakeTelemetry();
  const app = createApp({ config: { TRUST_PROXY: 'false' }, logger: telemetry.logger });
  t.after(async () => {
    app.server.closeAllConnections();
    await app.close();
  });
  await app.register(telemetry.httpPlugin);
  await app.register(health);
  await app.register(openapi, { describe: telemetry.describe });
  await app.register(demoApi, { config: { ...defaults, ...settings }, describe: telemetry.describe, ...options });
  await app.ready();
  return { app, telemetry };
}

const defaults = { SEED: 1, PEER_TIMEOUT: 5_000, PEER_RETRIES: 2, PEER_RETRY_BUDGET: 1 };
