import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openEvidence } from '@clew/evidence';
import { assertSameLabels, assertSameMetrics, labelsAsText, labelsThatDiffer } from '../test/harness/parity.ts';
import { sendRaw } from '../test/harness/raw-client.ts';
import { waitFor } from '../test/harness/wait-for.ts';
import { type Account, account, assertCounted } from './stack/account.ts';
import { assertExemplarsLead } from './stack/exemplars.ts';
import { startGateway } from './stack/gateway.ts';
import { shipLines } from './stack/pino-to-loki.ts';
import { exemplarsOf, lastValues, linesOf, spansOf } from './stack/queries.ts';
import { EXPORT_TIMEOUT_MS, type Services, startServices, straightTo } from './stack/services.ts';
import type { Store } from './stack/store.ts';
import { type Stores, startStores } from './stack/stores.ts';
import { keepOnly, readPolicies, tracesKept } from './stack/tail-sampling.ts';
import { createTraffic, type Traffic } from './stack/traffic.ts';
import { verifyFile, verifyStores } from './stack/verify.ts';
import { needed } from './support/programs.ts';

const { leftOut, needAll } = needed('prometheus', 'loki', 'jaeger');

const NAMES = ['full-otel', 'prom-otel'];
/** `clew verify` wants 15 s at the ends of its window in which nothing was asked, and all of it has to have arrived. */
const QUIET_MS = 25_000;
/** Stands for five minutes: longer than the exporters try, as those are with the default of 30 s. */
const ABSENCE_MS = 2 * EXPORT_TIMEOUT_MS;
/** For what waited in the queues meanwhile. */
const SETTLED_MS = 60_000;
const SERVER = 2;
/** Completion lines of the requests for which a service calls the other one: attributes over OTLP, JSON from stdout. */
const CALLS_PEER = {
  'full-otel': '| http_route="/api/data"',
  'prom-otel': '| json | http_route="/api/data"',
};
/** What Prometheus makes itself, whichever way a series came. */
const MADE_BY_PROMETHEUS = { metrics: ['target_info', 'scrape_*'], labels: ['job', 'instance'] };

suite('beside real Prometheus, Loki and Jaeger', { skip: leftOut, timeout: 600_000 }, () => {
  let stores: Stores;
  let services: Services;
  let traffic: Traffic;
  let since: number;
  /** The evidence of the last `clew verify`. */
  let file: string;

  before(async () => {
    needAll();
    stores = await startStores();
    since = Date.now() - QUIET_MS;
    services = await startServices('clew', straightTo(stores));
    stores.prometheus.scrape([services.target]);
    traffic = createTraffic(services.all);
  });
  after(async () => {
    services?.kill();
    await stores?.close();
  });

  const selectorOf = (service: string) => `{service_name="${service}",service_namespace="clew"}`;
  const urls = () => ({ prometheus: stores.prometheus.url, loki: stores.loki.url, jaeger: stores.jaeger.url });
  const verify = (args: string[] = []) =>
    verifyStores({ ...urls(), namespace: 'clew', since, tallies: traffic.tallies(), folder: stores.folder, args });
  /** Every check, over everything since the beginning. */
  const everyCheckHolds = async () => {
    await delay(QUIET_MS);
    const run = await verify();
    file = run.file;
    assert.equal(run.code, 0, `${run.stdout}${run.stderr}`);
  };

  test('straight to the stores, every check of clew verify holds for both services', async () => {
    await traffic.everything();
    await traffic.steady(delay(10_000));
    await everyCheckHolds();
  });

  test('exemplars of both services are stored, each leads to the span that was measured', async () => {
    for (const service of NAMES) await assertExemplarsLead(stores, service, selectorOf(service), since);
  });

  test('a line leads to its trace by its ids, a trace to the lines of both services by its id', async () => {
    for (const service of NAMES) {
      const lines = await linesOf(stores, `${selectorOf(service)} |= "request completed"`, since, 20);
      assert.equal(lines.length, 20);
      for (const { labels } of lines) {
        const spans = await spansOf(stores, String(labels.trace_id));
        assert.ok(spans.some((span) => span.service === service && span.spanId === labels.span_id));
      }
    }
    for (const [service, filter] of Object.entries(CALLS_PEER)) {
      const lines = await linesOf(stores, `${selectorOf(service)} ${filter}`, since, 5);
      assert.equal(lines.length, 5);
      for (const { labels } of lines) {
        const found = await linesOf(stores, `{service_namespace="clew"} | trace_id="${labels.trace_id}"`, since);
        const spans = await spansOf(stores, String(labels.trace_id));
        const served = spans.filter(({ kind }) => kind === SERVER);
        assert.deepEqual(served.map((span) => span.service).sort(), NAMES);
        assert.deepEqual(
          found.map((line) => `${line.labels.service_name} ${line.labels.span_id}`).sort(),
          served.map((span) => `${span.service} ${span.spanId}`).sort(),
        );
      }
    }
  });

  test('the series of both services are the same, and so are their counts', async () => {
    const evidence = openEvidence({ file, readOnly: true });
    try {
      assertSameMetrics(evidence, MADE_BY_PROMETHEUS);
      assertSameLabels(evidence, MADE_BY_PROMETHEUS);
    } finally {
      evidence.close();
    }
    const without = new Set([...labelsThatDiffer(), ...MADE_BY_PROMETHEUS.labels]);
    const names = 'http_server_request_duration_seconds_(count|bucket)|clew_http_server_rejected_total';
    const [full, prom] = await Promise.all(
      NAMES.map(async (service) => {
        const samples = await lastValues(stores, `{__name__=~"${names}",service_name="${service}"}`);
        return samples.map(({ labels: { le, ...labels }, value }) => {
          const bound = le === undefined ? '' : ` le=${le === '+Inf' ? le : Number(le)}`;
          // In which bucket a request falls is a matter of time, how many there were is not.
          return `${labelsAsText(labels, without)}${bound}${le === undefined || le === '+Inf' ? ` ${value}` : ''}`;
        });
      }),
    );
    assert.ok((full?.length ?? 0) > 200);
    assert.deepEqual(full?.sort(), prom?.sort());
  });

  test('with 5 % of the traces by the policies of alloy/traces.alloy, every exemplar leads to its trace', async () => {
    const policies = readPolicies(5);
    const kept = tracesKept(file, policies);
    const exemplars = (await Promise.all(NAMES.map((name) => exemplarsOf(stores, selectorOf(name), since)))).flat();
    const all = new Set(exemplars.map(({ traceId }) => traceId));
    assert.deepEqual(
      [...all].filter((traceId) => !kept.has(traceId)),
      [],
    );
    // Without its policy they are not there: the others do not keep them by chance.
    const withoutIt = tracesKept(
      file,
      policies.filter(({ type }) => type !== 'boolean_attribute'),
    );
    assert.ok([...all].some((traceId) => !withoutIt.has(traceId)));
    const sampled = keepOnly(file, kept);
    const { code, stdout, stderr } = await verifyFile(sampled, ['--tail-sampled']);
    assert.equal(code, 0, `${stdout}${stderr}`);
  });

  test('a restart of Jaeger and of Prometheus under load loses nothing', async () => {
    for (const store of [stores.jaeger, stores.prometheus]) {
      await traffic.steady(restart(store));
      await traffic.steady(delay(2000));
    }
    await everyCheckHolds();
  });

  test('a gateway that takes no gRPC, wants credentials and is busy loses nothing', async (t) => {
    const gateway = await startGateway(stores);
    t.after(() => gateway.close());
    const { url, credentials } = gateway;
    assert.equal((await fetch(`${url}/otlp/v1/traces`, { method: 'POST' })).status, 401);
    assert.match(await sendRaw(url, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), /^HTTP\/1\.1 400/);

    const begin = Date.now() - QUIET_MS;
    const headers = { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
    const behind = await startServices('cloud', {
      traces: `${url}/otlp/v1/traces`,
      metrics: `${url}/otlp/v1/metrics`,
      logs: `${url}/otlp/v1/logs`,
      headers,
      lines: (labels) => shipLines({ url, headers, labels }),
    });
    t.after(() => behind.kill());
    stores.prometheus.scrape([services.target, behind.target]);
    const sent = createTraffic(behind.all);
    await sent.everything();
    await sent.steady(delay(10_000));
    await delay(QUIET_MS);
    const { code, stdout, stderr } = await verifyStores({
      prometheus: `${url}/prometheus`,
      loki: url,
      jaeger: `${url}/jaeger`,
      namespace: 'cloud',
      since: begin,
      tallies: sent.tallies(),
      folder: stores.folder,
      env: { CLEW_BASIC_AUTH: credentials },
    });
    assert.equal(code, 0, `${stdout}${stderr}`);
    for (const path of ['/otlp/v1/traces', '/otlp/v1/metrics', '/otlp/v1/logs', '/loki']) {
      assert.ok((gateway.refusals.get(`${path} 429`) ?? 0) > 1, `${path} was never busy`);
    }
    assert.equal(gateway.refusals.get('/otlp/v1/traces 401'), 1, 'the one without credentials above');
    await behind.stop();
    stores.prometheus.scrape([services.target]);
  });

  test('a restart of Loki under load loses no line of stdout, and what it loses over OTLP is counted', async () => {
    // While it stops it answers 500 (`empty ring`), which OTLP does not allow to be tried again.
    await traffic.steady(restart(stores.loki));
    await traffic.steady(delay(2000));
    const [full, prom] = await settled();
    assertCounted(full.logs, 'log records', 1);
    assert.equal(prom.logs.completed, prom.requests.sent);
  });

  // Jaeger last: how many spans are stored can be counted once, since its restart lost none.
  for (const away of ['prometheus', 'loki', 'jaeger'] as const) {
    test(`while ${away} is away for longer than the exporters try, nothing is lost but its own, and that is counted`, async () => {
      const [fullBefore, promBefore] = await settled();
      await traffic.steady(absence(stores[away]));
      await traffic.steady(delay(2000));
      const [full, prom] = await settled();
      // Counted since the start of the process: the next export says it all.
      for (const { requests } of [full, prom]) assert.equal(requests.histogram, requests.sent);
      assert.equal(prom.logs.completed, prom.requests.sent);
      const lost = {
        spansOfFull: full.spans.lost - fullBefore.spans.lost,
        spansOfProm: prom.spans.lost - promBefore.spans.lost,
        logsOfFull: full.logs.lost - fullBefore.logs.lost,
      };
      const said = `lost while ${away} was away: ${JSON.stringify(lost)}`;
      assert.equal(lost.spansOfFull > 0, away === 'jaeger', said);
      assert.equal(lost.spansOfProm > 0, away === 'jaeger', said);
      assert.equal(lost.logsOfFull > 0, away === 'loki', said);

      // Twice each was stopped: once for its own restart.
      assertCounted(full.logs, 'log records', away === 'prometheus' ? 1 : 2);
      if (away === 'jaeger') {
        // A check that needs traces and no counts reads all of them, whether the window is quiet or not.
        const { file: afterwards } = await verify(['--only', 'orphan-spans']);
        for (const { spans } of await accounts(afterwards)) assertCounted(spans, 'spans', 2);
      }
    });
  }

  /** What both services made and where it went, with stored spans by the evidence in `file`. */
  function accounts(file?: string): Promise<[full: Account, prom: Account]> {
    return Promise.all([
      account(stores, 'full-otel', traffic.tallies(), since, file),
      account(stores, 'prom-otel', traffic.tallies(), since, file),
    ]);
  }

  /** The same, as soon as none of it is on its way. */
  async function settled(): Promise<[full: Account, prom: Account]> {
    const done = ({ requests, spans, logs }: Account) =>
      requests.histogram === requests.sent && spans.processed === spans.made && logs.processed === logs.made;
    return await waitFor(
      async () => {
        const both = await accounts();
        const [, prom] = both;
        return both.every(done) && prom.logs.completed === prom.requests.sent && both;
      },
      'everything to be delivered or lost',
      SETTLED_MS,
    );
  }
});

async function restart(store: Store): Promise<void> {
  await store.stop();
  await store.start();
}

async function absence(store: Store): Promise<void> {
  await store.stop();
  await delay(ABSENCE_MS);
  await store.start();
}
