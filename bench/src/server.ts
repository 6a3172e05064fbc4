import type { AddressInfo } from 'node:net';
import { answerQuestions } from './child.ts';

// A service's main.ts with another telemetry folder in its place: `server.ts TELEMETRY` (the URL of its index.ts).
const { config } = await import('../../services/full-otel/src/config.ts');
const telemetry = await import(process.argv[2] ?? '');
const { run } = await import('@clew/service');
const { buildApp } = await import('../../services/full-otel/src/app.ts');

const app = await buildApp({ config, telemetry });
await run({ app, config, telemetry });
answerQuestions({
  port: () => (app.server.address() as AddressInfo).port, // an address and not a pipe: it listens on a port
  cpu: () => process.cpuUsage(),
  rss: () => process.memoryUsage.rss(),
});
