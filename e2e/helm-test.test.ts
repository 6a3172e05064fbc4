import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startRun } from '../test/harness/run.ts';
import { services } from '../test/harness/services.ts';
import { waitFor } from '../test/harness/wait-for.ts';
import { type Case, OTLP } from '../test/helm/support/cases/case.ts';
import type { KubeObject } from '../test/helm/support/objects.ts';
import { runScript } from '../test/helm/support/run-script.ts';
import { caseOf, objectsOf } from './helm/releases.ts';
import { spansOf } from './stack/queries.ts';
import { type Services, startServices, straightTo } from './stack/services.ts';
import { type Stores, startStores } from './stack/stores.ts';
import { findProgram, needed } from './support/programs.ts';

const { leftOut, needAll } = needed('helm');
const VERIFY = join(import.meta.dirname, '../packages/verify');

// What `helm test` makes of a release, run here: the scripts as their ConfigMap has them, with the variables and arguments
// of their pods, but for addresses.

describe('the tests of a release', { skip: leftOut }, () => {
  before(needAll);

  for (const under of services) {
    it(`${under.name}: its pod finds that all is well`, async () => {
      await using release = await openRelease(caseOf('clew', 'clew'), `clew-${under.name}-test`);
      await using run = await startRun(under);
      const env = {
        ...release.env,
        SERVICE_URL: run.service.url,
        ...(run.service.metricsUrl !== undefined && { SERVICE_METRICS_URL: run.service.metricsUrl }),
        OTEL_EXPORTER_OTLP_ENDPOINT: run.backend.grpcUrl,
      };
      assert.deepEqual(Object.keys(env).sort(), Object.keys(release.env).sort());
      assert.equal(release.env.OTEL_EXPORTER_OTLP_ENDPOINT, OTLP.global.otlp.endpoint);
      const { code, output } = await runScript(join(release.folder, 'main.mts'), env);
      assert.equal(code, 0, output);
      assert.match(output, /^all 6 hold$/m, output);
    });
  }
});

const missing = ['prometheus', 'loki', 'jaeger'].filter((name) => findProgram(name) === undefined);
const noStores = missing.length > 0 && `left out: no ${missing.join(', ')}; npm run tools -- ${missing.join(' ')}`;

describe('clew verify as a test of a release', { skip: leftOut || noStores, timeout: 180_000 }, () => {
  let stores: Stores;
  let running: Services;

  before(async () => {
    needAll();
    stores = await startStores();
    running = await startServices('shop', straightTo(stores));
    stores.prometheus.scrape([running.target]);
  });
  after(async () => {
    running?.kill();
    await stores?.close();
  });

  /** The pod's arguments with the stores that run here in the place of those of the release. */
  async function verify(more: string[], env: Record<string, string>) {
    const { prometheus, loki, jaeger } = { ...stores };
    const addresses = { prometheus: prometheus.url, loki: loki.url, jaeger: jaeger.url };
    const one: Case = { ...caseOf('clew', 'clew'), values: { tests: { verify: addresses }, ...OTLP } };
    await using release = await openRelease(one, 'clew-verify-test');
    assert.equal(release.env.TARGETS, 'full-otel=http://clew-full-otel:8080,prom-otel=http://clew-prom-otel:8080');
    const args = [...release.args, '--grace', '1s', '--rate', '200', ...more];
    const targets = { TARGETS: running.all.map(({ name, url }) => `${name}=${url}`).join(',') };
    return await runScript(
      join(release.folder, 'verify.mts'),
      { ...release.env, ...targets, ...env },
      { args, cwd: VERIFY },
    );
  }

  it('calls both services, waits for what they send, and finds that every check holds', async () => {
    const { code, output } = await verify([], { FIRST_LOOK_SECONDS: '5' });
    assert.equal(code, 0, output);
    assert.match(output, /called full-otel: 15 x 200, 5 x 500\n {2}called prom-otel: 15 x 200, 5 x 500\n/);
    assert.match(output, /Every check holds, \d+ s after the first call\.\n$/);
  });

  it('real Prometheus, Loki and Jaeger take what the test of a service sends', async () => {
    const [service = assert.fail()] = running.all;
    const { prometheus, loki, jaeger } = stores;
    await using release = await openRelease(caseOf('clew', 'clew'), 'clew-full-otel-test');
    const { code, output } = await runScript(join(release.folder, 'main.mts'), {
      ...release.env,
      SERVICE_URL: service.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: jaeger.tracesEndpoint,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: prometheus.metricsEndpoint,
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: loki.logsEndpoint,
    });
    assert.equal(code, 0, output);
    const [, traceId = ''] = /its trace is (\w{32})/.exec(output) ?? [];
    await waitFor(async () => {
      const spans = await spansOf(stores, traceId);
      return spans.some((span) => span.service === 'helm-test') && spans.some((span) => span.service === 'full-otel');
    }, `the spans of trace ${traceId} in Jaeger`);
  });

  it('says what to do when the time is over', async () => {
    const nowhere = ['--service', 'no-such-service'];
    const { code, output } = await verify(nowhere, { FIRST_LOOK_SECONDS: '1', WAIT_SECONDS: '1' });
    assert.equal(code, 2, output);
    assert.match(output, /Not everything holds[\s\S]*--tail-sampled/);
  });
});

interface Release extends AsyncDisposable {
  /** Has the files of the ConfigMap. */
  folder: string;
  env: Record<string, string>;
  args: string[];
}

/** What a pod of `helm test` is given. */
async function openRelease(one: Case, pod: string): Promise<Release> {
  const objects = await objectsOf(one);
  const find = (kind: string): KubeObject =>
    objects.find((object) => object.kind === kind && object.metadata.name === pod) ?? assert.fail(`no ${kind} ${pod}`);
  const [container = assert.fail()] = find('Pod').spec?.containers ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'clew-helm-test-'));
  for (const [file, text] of Object.entries(find('ConfigMap').data ?? {})) writeFileSync(join(folder, file), text);
  return {
    folder,
    env: Object.fromEntries((container.env ?? []).map(({ name, value = '' }) => [name, value])),
    args: container.args ?? [],
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true });
    },
  };
}
