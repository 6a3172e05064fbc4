import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { waitFor } from '../test/harness/wait-for.ts';
import { render } from './helm/render.ts';
import { NEWEST } from './helm/schema-sources.ts';
import { createPrometheus, type Prometheus } from './stack/prometheus.ts';
import { play } from './support/play.ts';
import { needed } from './support/programs.ts';
import { startStack } from './support/stack.ts';

const { leftOut, needAll } = needed('helm', 'prometheus', 'k6');

const SERVICE = 'prom-otel';
const NAMESPACE = 'clew';
const LABELS = { service_name: SERVICE, service_namespace: NAMESPACE, deployment_environment_name: 'development' };

suite('the alerts of the chart, in a real Prometheus', { skip: leftOut, timeout: 300_000 }, () => {
  test('traffic-spike, the control, fires none', async (t) => {
    assert.deepEqual(await firedDuring(t, 'traffic-spike'), []);
  });

  test('latency-tail fires the one for latency, and no other', async (t) => {
    assert.deepEqual(await firedDuring(t, 'latency-tail', { slowSeconds: 0.5 }), ['ClewSlow']);
  });

  test('error-burst fires the one for errors, and no other', async (t) => {
    assert.deepEqual(await firedDuring(t, 'error-burst'), ['ClewErrors']);
  });
});

/**
 * The names of the alerts that fire while a scenario is played, after the first scrape.
 *
 * @param rule what is set besides. Half a minute at the fast pace is few requests, so that one moment in which a busy
 *   machine stands still is more than 1 % of them: slow is what no such moment explains
 */
async function firedDuring(t: TestContext, scenario: string, rule: object = { slowSeconds: 5 }): Promise<string[]> {
  needAll();
  const stack = await startStack(t);
  const folder = mkdtempSync(join(tmpdir(), 'clew-alerts-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const prometheus = await createPrometheus(folder, await alertGroups(rule));
  await prometheus.start();
  t.after(() => prometheus.stop());
  const firing = () => query(prometheus, 'query', { query: 'ALERTS{alertstate="firing"}' });
  await waitFor(async () => alertNames(await firing()).includes('ClewAbsent'), 'an alert before the first scrape');
  prometheus.scrape([{ address: stack.scraped, labels: LABELS }]);
  await waitFor(async () => (await firing()).length === 0, 'no alert after it');

  const start = Date.now() / 1000;
  const { code, output, summary } = await play(t, [scenario, ...stack.args], stack.env);
  assert.ok(code === 0 || code === 99, output); // whether its thresholds hold is for load.test.ts
  const sent = summary?.requests
    .filter(({ service }) => service === SERVICE)
    .reduce((sum, { count }) => sum + count, 0);
  assert.ok(sent !== undefined && sent > 0, output);
  const counted = 'sum(http_server_request_duration_seconds_count)';
  await waitFor(async () => {
    const [total] = await query(prometheus, 'query', { query: counted });
    return Number(total?.value?.[1]) >= sent;
  }, 'every request in Prometheus');
  const range = { query: 'ALERTS{alertstate="firing"}', start: `${start}`, end: `${Date.now() / 1000}`, step: '1' };
  const fired = alertNames(await query(prometheus, 'query_range', range));
  await stack.settle();
  return fired;
}

/** Those of the chart, without the five minutes that they wait: a scenario at the fast pace has half a minute. */
async function alertGroups(rule: object): Promise<object[]> {
  const values = {
    name: SERVICE,
    global: { otlp: { endpoint: 'http://alloy.monitoring:4317' } },
    prometheusRule: { enabled: true, for: '0s', ...rule },
  };
  const { code, stdout, stderr } = await render(
    { name: 'alerts', chart: 'service', namespace: NAMESPACE, values },
    NEWEST,
  );
  assert.equal(code, 0, stderr);
  const manifest = stdout.split(/^---$/m).find((text) => /^kind: PrometheusRule$/m.test(text));
  return parse(manifest ?? '').spec.groups;
}

interface Series {
  metric: Record<string, string>;
  /** Of an instant. */
  value?: [time: number, value: string];
}

async function query({ url }: Prometheus, kind: string, parameters: Record<string, string>): Promise<Series[]> {
  const response = await fetch(`${url}/api/v1/${kind}?${new URLSearchParams(parameters)}`);
  assert.equal(response.status, 200, await response.clone().text());
  return ((await response.json()) as { data: { result: Series[] } }).data.result;
}

function alertNames(series: Series[]): string[] {
  return [...new Set(series.map(({ metric }) => String(metric.alertname)))].toSorted();
}
