import type { AddressInfo } from 'node:net';
import { run } from '@clew/service';
import { answerQuestions } from './child.ts';

// A service's main.ts with another telemetry folder in its place. `server.js TELEMETRY SERVICE`: the URLs of the compiled
// telemetry module and of the folder with config.js and app.js.
const [telemetryModule, service] = process.argv.slice(2);
const { config } = await import(`${service}config.js`);
const telemetry = await import(`${telemetryModule}`);
const { buildApp } = await import(`${service}app.js`);

const app = await buildApp({ config, telemetry });
await run({ app, config, telemetry });
answerQuestions({
  port: () => (app.server.address() as AddressInfo).port, // an address and not a pipe: it listens on a port
  cpu: () => process.cpuUsage(),
  rss: () => process.memoryUsage.rss(),
});
