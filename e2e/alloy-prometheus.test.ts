import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { freePort } from '../test/harness/free-port.ts';
import { startBackend } from '../test/harness/run.ts';
import { runService } from '../test/harness/running-service.ts';
import { services } from '../test/harness/services.ts';
import { waitFor } from '../test/harness/wait-for.ts';
import { createStore, type Store } from './stack/store.ts';
import { findProgram } from './support/programs.ts';

// deploy/prometheus/prometheus.yaml between both services and a store: what arrives there is what Alloy would send.
const CONFIG = join(import.meta.dirname, '../deploy/prometheus/prometheus.yaml');
const PAGE = join(import.meta.dirname, '../docs/prometheus-or-alloy.md');
const DURATION = 'http_server_request_duration_seconds';
const leftOut =
  findProgram('prometheus') === undefined && 'left out: prometheus is not there: npm run tools -- prometheus';

const promtool = findProgram('promtool');
const noPromtool = promtool === undefined && 'left out: promtool is not there: npm run tools -- prometheus';

type Labels = Record<string, string>;

suite('Prometheus in place of Alloy', { skip: leftOut }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'clew-prometheus-'));
  const cleanUp = new AsyncDisposableStack();
  let storeUrl: string;
  let series: Labels[];

  before(async () => {
    cleanUp.defer(() => rmSync(folder, { recursive: true, force: true }));
    const store = await start('store', {}, ['--web.enable-remote-write-receiver', '--enable-feature=exemplar-storage']);
    storeUrl = store.url;
    const metricsPort = await freePort();
    const [, flags = ''] = /^prometheus --config\.file=\S+ (.+)$/m.exec(readFileSync(PAGE, 'utf8')) ?? [];
    const between = await start(
      'between',
      {
        'prom-otel:9464': `127.0.0.1:${metricsPort}`,
        'http://mimir:9009/api/v1/push': `${store.url}/api/v1/write`,
        'scrape_interval: 15s': 'scrape_interval: 1s',
      },
      flags.split(' '),
    );
    const backend = cleanUp.use(await startBackend());
    for (const under of services) {
      const service = cleanUp.use(
        await runService(under, backend, {
          METRICS_PORT: String(metricsPort),
          OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
          OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${between.url}/api/v1/otlp/v1/metrics`,
        }),
      );
      await service.send({ path: '/api/users', route: '/api/users' });
      await service.send({ path: '/api/error?type=exception', route: '/api/error', status: 500 });
    }
    series = await waitFor(async () => {
      const found = await query<Labels[]>('series', { 'match[]': `${DURATION}_bucket` });
      // 15 buckets of two routes, of both services.
      return found.length >= 60 && found;
    });
  });

  after(() => cleanUp.disposeAsync());

  /** A Prometheus with `deploy/prometheus/prometheus.yaml` when something of it is replaced, with nothing otherwise. */
  async function start(name: string, replaced: Record<string, string>, flags: string[]) {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const own = join(folder, name);
    mkdirSync(own);
    let text = Object.keys(replaced).length > 0 ? readFileSync(CONFIG, 'utf8') : '';
    for (const [from, to] of Object.entries(replaced)) {
      assert.equal(text.split(from).length, 2, `${from} is not once in ${CONFIG}`);
      text = text.replace(from, to);
    }
    const file = join(own, 'prometheus.yaml');
    writeFileSync(file, text);
    const store: Store = createStore({
      name: 'prometheus',
      folder: own,
      config: {},
      args: () => [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(own, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        ...flags,
      ],
      readyUrl: `${url}/-/ready`,
    });
    cleanUp.defer(() => store.stop());
    await store.start();
    return { url };
  }

  async function query<T>(what: string, parameters: Record<string, string>): Promise<T> {
    const response = await fetch(`${storeUrl}/api/v1/${what}?${new URLSearchParams(parameters)}`);
    return ((await response.json()) as { data: T }).data;
  }

  test('promtool takes it, and finds nothing to say', { skip: noPromtool }, () => {
    const args = ['check', 'config', '--lint=all', '--lint-fatal', CONFIG];
    const { status, stdout, stderr } = spawnSync(String(promtool), args, { encoding: 'utf8' });
    assert.equal(status, 0, `${stdout}${stderr}`);
  });

  const of = (service: string) => series.filter(({ service_name }) => service_name === service);

  test('the series of both services have the same labels, but for job and instance', () => {
    const differing = ['job', 'instance', 'service_name'];
    const bare = (service: string) =>
      of(service)
        .map((labels) => Object.entries(labels).filter(([name]) => !differing.includes(name)))
        .map((labels) =>
          labels
            .map(([name, value]) => `${name}=${value}`)
            .sort()
            .join(),
        )
        .sort();
    assert.deepEqual(bare('full-otel'), bare('prom-otel'));
    const [{ cluster, service_namespace, deployment_environment_name, job } = {} as Labels] = of('full-otel');
    assert.deepEqual(
      { cluster, service_namespace, deployment_environment_name, job },
      {
        cluster: 'local',
        service_namespace: 'clew',
        deployment_environment_name: 'development',
        job: 'clew/full-otel',
      },
    );
    assert.deepEqual([...new Set(of('prom-otel').map((labels) => labels.job))], ['clew/prom-otel']);
  });

  test('boundaries that are whole numbers are written in one way', () => {
    assert.ok(series.some(({ le }) => le === '10.0'));
    assert.deepEqual(
      series.filter(({ le }) => le === '10'),
      [],
    );
  });

  test('exemplars of both arrive', async () => {
    for (const { name } of services) {
      await waitFor(async () => {
        const found = await query<{ exemplars: { labels: Labels }[] }[]>('query_exemplars', {
          query: `${DURATION}_bucket{service_name="${name}"}`,
          start: String(Date.now() / 1000 - 300),
          end: String(Date.now() / 1000 + 60),
        });
        return found.some(({ exemplars }) =>
          exemplars.some(({ labels }) => /^[0-9a-f]{32}$/.test(labels.trace_id ?? '')),
        );
      }, `an exemplar of ${name}`);
    }
  });

  test('what is dropped does not arrive', async () => {
    const names = await query<string[]>('label/__name__/values', {});
    assert.ok(names.includes('nodejs_active_handles'));
    assert.ok(!names.includes('nodejs_active_handles_total'));
    assert.ok(!(await query<string[]>('labels', {})).some((name) => name.startsWith('telemetry_sdk_')));
  });
});
