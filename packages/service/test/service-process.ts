// A whole service as a process of its own, for run.test.ts. What it does wrong is asked for by BREAK.
import { setTimeout } from 'node:timers/promises';
import { createApp } from '../src/create-app.ts';
import { health } from '../src/health.ts';
import { readConfig } from '../src/read-config.ts';
import { run } from '../src/run.ts';
import { fakeTelemetry } from './fake-telemetry.ts';

const config = readConfig({ PORT: 0, HOST: '127.0.0.1', DRAIN_DELAY: 0 });
const telemetry = fakeTelemetry();
telemetry.lines.push = (line) => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
  return 0;
};
telemetry.shutdown = async () => {
  process.stdout.write(`${JSON.stringify({ msg: 'telemetry shut down', requests: telemetry.requests.length })}\n`);
  if (process.env.BREAK === 'shutdown') await new Promise(() => {});
};

const app = createApp({ config, logger: telemetry.logger });
await app.register(telemetry.httpPlugin);
await app.register(health);
app.get('/throw', async () => {
  setImmediate(() => {
    throw new TypeError('nobody catches this', { cause: new Error('the cause') });
  });
  return {};
});
app.get('/reject', async () => {
  void Promise.reject('nobody handles this');
  return {};
});
app.get('/work', async () => {
  await setTimeout(20);
  return {};
});
await run({ app, config, telemetry });
