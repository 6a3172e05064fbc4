import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { waitFor } from '../test/harness/wait-for.ts';
import { createLoki, type Loki } from './stack/loki.ts';
import { exemplarsOf } from './stack/queries.ts';
import { type Services, startServices, straightTo } from './stack/services.ts';
import { type Stores, startStores } from './stack/stores.ts';
import { createTraffic } from './stack/traffic.ts';
import { commandsInDocs, typed } from './support/doc-commands.ts';
import { needed } from './support/programs.ts';

const { leftOut, needAll } = needed('prometheus', 'loki', 'jaeger');

// The commands of docs/ that ask the services, Prometheus (in the place of Mimir, too) and Loki, as they stand there but
// for addresses. Those that ask Alloy: stack-alloy.test.ts.

/** Alloy, Tempo, the local backend, and what Mimir has that Prometheus has not. */
const NOT_HERE = /localhost:(12345|3200|4320|9009\/prometheus\/config)/;
const WITH_TENANT = /X-Scope-OrgID/;
const BOTH_SERVICES = /"full-otel"[\s\S]*"prom-otel"|"prom-otel"[\s\S]*"full-otel"/;

/** Of a command that looks for something in Loki's labels. */
const NOTHING = /^$/;

/** What a command has to answer, by a part of it; the first that it has. An empty result shows that Prometheus takes the query. */
const ANSWERS: [part: string, answer: RegExp][] = [
  ['localhost:8080/ready', /"status":"ok"/],
  ["localhost:9464/metrics | grep ' # {'", /trace_id="[0-9a-f]{32}"/],
  ['localhost:9464/metrics | head', /^# (HELP|TYPE) /],
  ['grep otel_sdk_processor_span_processed', /^otel_sdk_processor_span_processed_total\{.*\} \d/m],
  ['count by (service_name)', BOTH_SERVICES],
  ['query=http_server_request_duration_seconds_count', /"service_name":"prom-otel"/],
  ['count by (__name__)', /"status":"success"/],
  ['exemplars_in_storage', /exemplars_in_storage [1-9]/],
  ['status/flags', /^exemplar-storage$/m],
  ['label/service_name/values', BOTH_SERVICES],
  ['trace_id="ID"', /"trace_id":"ID"/],
  ['trace_id!=""', /"trace_id":"[0-9a-f]{32}"/],
  ['sum by (service_name, filename, k8s_pod_name, pod)', BOTH_SERVICES],
  ['labels | grep trace_id', NOTHING],
  ['loki/api/v1/labels', /"service_name"/],
  ['localhost:3100/prometheus/api/v1/rules', /"status":"success"/],
  ['localhost:9009/prometheus/api/v1/rules', /"status":"success"/],
  ['query_exemplars', /"trace_id":"[0-9a-f]{32}"/],
];
const commands = commandsInDocs('curl -sG?').filter((command) => !NOT_HERE.test(command));

suite('the commands in the docs', { skip: leftOut, timeout: 180_000 }, () => {
  let stores: Stores;
  let services: Services;
  let traceId: string;
  let ofTenants: Loki;

  before(async () => {
    needAll();
    const since = Date.now() - 1000;
    stores = await startStores();
    ofTenants = await createLoki(join(stores.folder, 'loki-of-tenants'), { auth_enabled: true });
    await ofTenants.start();
    services = await startServices('clew', straightTo(stores));
    stores.prometheus.scrape([services.target]);
    await createTraffic(services.all).everything();
    const exemplars = () => exemplarsOf(stores, '{service_name="full-otel"}', since);
    traceId = await waitFor(async () => (await exemplars())[0]?.traceId);
  });
  after(async () => {
    services?.kill();
    await ofTenants?.stop();
    await stores?.close();
  });

  const here = (loki: Loki = stores.loki): Record<string, string> => ({
    'localhost:8080': String(services.all[0]?.url),
    'localhost:9464': services.target.address,
    'localhost:9009/prometheus': stores.prometheus.url,
    'localhost:9009': stores.prometheus.url,
    'localhost:9090': stores.prometheus.url,
    'localhost:3100': loki.url,
    '"ID"': `"${traceId}"`,
  });

  for (const command of commands) {
    test(command, async () => {
      const [, answer] = ANSWERS.find(([part]) => command.includes(part)) ?? assert.fail('say what it answers');
      const pattern = new RegExp(answer.source.replaceAll('"ID"', `"${traceId}"`), answer.flags);
      const loki = WITH_TENANT.test(command) ? ofTenants : stores.loki;
      const [labels = ''] = command.split(' | ');
      if (answer === NOTHING) await waitFor(async () => /"service_name"/.test(await typed(labels, here(loki))));
      await waitFor(async () => pattern.test(await typed(command, here(loki))), `${pattern}`);
    });
  }

  test('every answer belongs to a command', () => {
    const parts = ANSWERS.map(([part]) => part);
    assert.deepEqual(
      parts.filter((part) => !commands.some((command) => command.includes(part))),
      [],
    );
  });

  test('where multi-tenancy is on and no tenant is given, Loki says what the page says', async () => {
    const [command = ''] = commands.filter((one) => one.endsWith('/loki/api/v1/labels'));
    assert.match(await typed(command, here(ofTenants)), /no org id/);
    const withTenant = command.replace('curl -s', "curl -s -H 'X-Scope-OrgID: stage'");
    assert.match(await typed(withTenant, here(ofTenants)), /"status":"success"/);
  });
});
