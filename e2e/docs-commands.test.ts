import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { waitFor } from '../test/harness/wait-for.ts';
import { exemplarsOf } from './stack/queries.ts';
import { type Services, startServices } from './stack/services.ts';
import { type Stores, startStores } from './stack/stores.ts';
import { createTraffic } from './stack/traffic.ts';
import { needed } from './support/programs.ts';

const { leftOut, needAll } = needed('prometheus', 'loki', 'jaeger');

// The commands of docs/verify-your-stack.md and docs/exemplars.md that ask the services, Prometheus (in the place of
// Mimir) and Loki, as they stand there but for the ports.

const run = promisify(execFile);

/** What a command has to answer, by a part of it that no other has. */
const GOOD: Record<string, RegExp> = {
  'localhost:8080/ready': /"status":"ok"/,
  "localhost:9464/metrics | grep ' # {'": /trace_id="[0-9a-f]{32}"/,
  'count by (service_name)': /"full-otel"[\s\S]*"prom-otel"|"prom-otel"[\s\S]*"full-otel"/,
  'label/service_name/values': /"full-otel"[\s\S]*"prom-otel"/,
  'trace_id="ID"': /"trace_id":"TRACE"/,
  'localhost:3100/prometheus/api/v1/rules': /"status":"success"/,
  query_exemplars: /"trace_id":"[0-9a-f]{32}"/,
};
const pages = ['verify-your-stack', 'exemplars'].map((page) =>
  readFileSync(join(import.meta.dirname, `../docs/${page}.md`), 'utf8')
    .replaceAll('\\|', '|')
    .replaceAll('\\\n', ' '),
);
const inText = pages.flatMap((page) => page.match(/(?<=`)curl -s[^`\n]+(?=`)/g) ?? []);
const inBlocks = pages
  .flatMap((page) => page.match(/^curl -s.*$/gm) ?? [])
  .map((line) => line.replace(/ {2,}# .*/, ''));
const commands = [...inText, ...inBlocks];

suite('the commands in the docs', { skip: leftOut, timeout: 180_000 }, () => {
  let stores: Stores;
  let services: Services;
  let traceId: string;

  before(async () => {
    needAll();
    const since = Date.now() - 1000;
    stores = await startStores();
    services = await startServices('clew', {
      traces: stores.jaeger.tracesEndpoint,
      metrics: stores.prometheus.metricsEndpoint,
      logs: stores.loki.logsEndpoint,
      loki: stores.loki.url,
    });
    stores.prometheus.scrape([services.target]);
    await createTraffic(services.all).everything();
    const exemplars = () => exemplarsOf(stores, '{service_name="full-otel"}', since);
    traceId = await waitFor(async () => (await exemplars())[0]?.traceId);
  });
  after(async () => {
    services?.kill();
    await stores?.close();
  });

  for (const [part, expected] of Object.entries(GOOD)) {
    const command = commands.find((one) => one.includes(part));

    test(command ?? part, async () => {
      assert.ok(command, `no page has a command with ${part}`);
      const [service] = services.all;
      const here = command
        .replaceAll('localhost:8080', String(service?.url))
        .replaceAll('localhost:9464', services.target.address)
        .replaceAll('localhost:9009/prometheus', stores.prometheus.url)
        .replaceAll('localhost:9090', stores.prometheus.url)
        .replaceAll('localhost:3100', stores.loki.url)
        .replaceAll('trace_id="ID"', `trace_id="${traceId}"`);
      const pattern = new RegExp(expected.source.replace('TRACE', traceId));
      await waitFor(async () => {
        const { stdout } = await run('bash', ['-c', here]).catch((error: { stdout: string }) => error);
        return pattern.test(stdout);
      }, `${pattern} from ${here}`);
    });
  }
});
