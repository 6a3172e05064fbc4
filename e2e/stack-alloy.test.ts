import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { labelsAsText } from '../test/harness/parity.ts';
import { waitFor } from '../test/harness/wait-for.ts';
import { account } from './stack/account.ts';
import { ALLOY, type Pipeline, startBehindAlloy } from './stack/alloy.ts';
import { assertExemplarsLead } from './stack/exemplars.ts';
import { lastValues, sum } from './stack/queries.ts';
import { type Stores, startStores } from './stack/stores.ts';
import { createTraffic, type Traffic } from './stack/traffic.ts';
import { verifyStores } from './stack/verify.ts';
import { commandsInDocs, typed } from './support/doc-commands.ts';
import { needed } from './support/programs.ts';

const { leftOut, needAll } = needed('prometheus', 'loki', 'jaeger');
const noAlloy =
  spawnSync(ALLOY, ['--version']).error !== undefined &&
  `left out: ${ALLOY} is not there; put Alloy on PATH or its path into ALLOY_BIN`;

const NAMES = ['full-otel', 'prom-otel'];
const PERCENT = 5;
/** A scrape of 15 s, what waited for a store that is back, at most 30 s apart, and both services' exports. */
const DELIVERED_MS = 90_000;
/** After that: `decision_wait` of alloy/traces.alloy, its batch, and its next look; or 15 s without requests. */
const DECIDED_MS = 40_000;
/** Stands for five minutes: what is tried without end is not given up, however long it is. */
const ABSENCE_MS = 30_000;
/** Made by whoever scrapes or receives. */
const OF_THE_WAY = new Set(['job', 'instance', 'service_name']);

suite('the whole way: Alloy before real Prometheus, Loki and Jaeger', {
  skip: leftOut || noAlloy,
  timeout: 600_000,
}, () => {
  let stores: Stores;
  let pipeline: Pipeline;
  let traffic: Traffic;
  let since: number;

  before(async () => {
    needAll();
    stores = await startStores();
    since = Date.now() - DECIDED_MS;
    pipeline = await startBehindAlloy('clew', stores, PERCENT);
    traffic = createTraffic(pipeline.services.all);
    // An export that fails while Alloy is not there yet is not sent again: counts are in the next, its exemplars are not.
    for (const name of NAMES) {
      await waitFor(
        async () => (await lastValues(stores, `{service_name="${name}"}`)).length > 0,
        `series of ${name}`,
        DELIVERED_MS,
      );
    }
  });
  after(async () => {
    pipeline?.services.kill();
    await pipeline?.alloy.stop();
    await stores?.close();
  });

  /** Each request of both is in the histogram once, and is one completion line, by OTLP or from stdout. */
  const allCounted = async () => {
    const accounts = await Promise.all(NAMES.map((name) => account(stores, name, traffic.tallies(), since)));
    return accounts.every(
      ({ requests, logs }) => requests.histogram === requests.sent && logs.completed === requests.sent,
    );
  };
  const everyCheckHolds = async () => {
    await waitFor(allCounted, 'each request once in the histogram, and one line of it', DELIVERED_MS);
    await delay(DECIDED_MS);
    const { code, stdout, stderr } = await verifyStores({
      prometheus: stores.prometheus.url,
      loki: stores.loki.url,
      jaeger: stores.jaeger.url,
      namespace: 'clew',
      since,
      tallies: traffic.tallies(),
      folder: stores.folder,
      args: ['--tail-sampled'],
    });
    assert.equal(code, 0, `${stdout}${stderr}`);
  };
  /** Of Alloy's own metrics, once it has been scraped. */
  const counted = (metric: string) => waitFor(async () => (await sum(stores, metric)) > 0, metric);

  test(`with ${PERCENT} % sampling, every check of clew verify holds for both services`, async () => {
    await traffic.everything();
    await traffic.steady(delay(10_000));
    await everyCheckHolds();
  });

  test('traces were dropped and counted, but none behind an exemplar', async () => {
    await counted('otelcol_processor_tail_sampling_global_count_traces_sampled_total{sampled="false"}');
    for (const name of NAMES) await assertExemplarsLead(stores, name, `{service_name="${name}"}`, since);
  });

  test('the request series of both services are the same to the letter', async () => {
    const [full, prom] = await Promise.all(
      NAMES.map(async (name) => {
        const names = 'http_server_request_duration_seconds_(count|bucket)';
        const samples = await lastValues(stores, `{__name__=~"${names}",service_name="${name}"}`);
        for (const { labels } of samples) {
          const { cluster, service_namespace, deployment_environment_name } = labels;
          assert.deepEqual([cluster, service_namespace, deployment_environment_name], ['local', 'clew', 'development']);
        }
        return samples.map(({ labels }) => labelsAsText(labels, OF_THE_WAY)).sort();
      }),
    );
    assert.ok((full?.length ?? 0) > 200);
    assert.deepEqual(full, prom);
  });

  test('span metrics and the service graph are there, and made by one producer', async () => {
    await counted('traces_service_graph_request_total{client="full-otel",server="prom-otel"}');
    const producers = await lastValues(
      stores,
      '{__name__=~"traces_span_?metrics_calls_total",service_name="full-otel"}',
    );
    assert.equal(new Set(producers.map(({ labels }) => labels.__name__)).size, 1);
  });

  // Not those of components that this role does not have.
  for (const command of commandsInDocs('curl -s').filter((one) => /localhost:12345/.test(one))) {
    const skip = /mimir\.rules|source\.docker/.test(command) && 'no such component in the role static';
    test(command, { skip }, async () => {
      const said = await typed(command, { 'localhost:12345': pipeline.url });
      assert.doesNotMatch(said, /^$|page not found/);
    });
  }

  test('an absence of every store at once loses nothing', async () => {
    const all = [stores.jaeger, stores.loki, stores.prometheus];
    const absence = async () => {
      await Promise.all(all.map((store) => store.stop()));
      await delay(ABSENCE_MS);
      await Promise.all(all.map((store) => store.start()));
    };
    await traffic.steady(absence());
    await everyCheckHolds();
  });
});
