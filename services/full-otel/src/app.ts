import { demoApi, userIdOf } from '@clew/demo-api';
import { faults, peerIsDown } from '@clew/faults';
import { type Config, createApp, health, openapi, overload, type Telemetry } from '@clew/service';

/** The application without a port: every plugin in the order in which a request meets it. */
export async function buildApp({ config, telemetry }: { config: Config; telemetry: Telemetry }) {
  const app = createApp({ config, logger: telemetry.logger });
  await app.register(telemetry.httpPlugin); // first: it has to see every route that follows
  await app.register(health);
  await app.register(overload, { maxEventLoopDelay: config.MAX_EVENT_LOOP_DELAY });
  await app.register(openapi, { describe: telemetry.describe });
  await app.register(faults, { config, userIdOf }); // nothing at all, unless a setting asks for faults
  await app.register(demoApi, { config, describe: telemetry.describe, peerIsDown });
  return app;
}
