import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { readStories } from '../load/runner/stories.ts';
import { arrows } from '../test/helm/support/arrows.ts';
import { HELM } from '../test/helm/support/charts.ts';
import { type KubeObject, named, workloads } from '../test/helm/support/objects.ts';
import { logqlProblem, noLogcli } from './helm/logcli.ts';
import { checkQueries, checkRules } from './helm/promtool.ts';
import { caseOf, objectsOf } from './helm/releases.ts';
import { notes } from './helm/render.ts';
import { findProgram, needed } from './support/programs.ts';

const { leftOut, needAll } = needed('helm', 'kubeconform', 'promtool');

const LOAD = join(HELM, '..', '..', 'load');
/** They need more than the services. */
const NOT_HERE = ['bad-release', 'telemetry-outage'];

describe('a release of the charts', { skip: leftOut }, () => {
  before(needAll);

  it('allows exactly the arrows that there are, when every policy is on', async () => {
    const dns = (service: string) => ['53', '53/udp'].map((port) => `out ${service} -> namespace kube-system:${port}`);
    assert.deepEqual(arrows(await objectsOf(caseOf('clew', 'every policy')), 'clew'), [
      'in full-otel -> prom-otel:http',
      'in helm-test -> full-otel:http',
      'in helm-test -> prom-otel:http',
      'in helm-test -> prom-otel:http-metrics',
      'in load -> full-otel:http',
      'in load -> prom-otel:http',
      'in namespace monitoring -> prom-otel:http-metrics',
      'in prom-otel -> full-otel:http',
      'out full-otel -> anywhere:4317',
      ...dns('full-otel'),
      'out full-otel -> prom-otel:8080',
      'out helm-test of full-otel -> anywhere:4317',
      'out helm-test of full-otel -> full-otel:8080',
      ...dns('helm-test of full-otel'),
      'out helm-test of prom-otel -> anywhere:4317',
      ...dns('helm-test of prom-otel'),
      'out helm-test of prom-otel -> prom-otel:8080',
      'out helm-test of prom-otel -> prom-otel:9464',
      'out load -> full-otel:8080',
      ...dns('load'),
      'out load -> prom-otel:8080',
      'out prom-otel -> anywhere:4317',
      'out prom-otel -> full-otel:8080',
      ...dns('prom-otel'),
    ]);
  });

  it('lets clew verify out to the services and the stores', async () => {
    const all = arrows(await objectsOf(caseOf('clew', 'clew verify behind every policy')), 'clew');
    assert.deepEqual(
      all.filter((arrow) => arrow.startsWith('out helm-test of verify') && !arrow.includes(':53')),
      [
        'out helm-test of verify -> anywhere:3200',
        'out helm-test of verify -> anywhere:443',
        'out helm-test of verify -> anywhere:9009',
        'out helm-test of verify -> full-otel:8080',
        'out helm-test of verify -> prom-otel:8080',
      ],
    );
  });

  it('lets no test in where there is none', async () => {
    const all = arrows(await objectsOf(caseOf('service', 'no tests behind a NetworkPolicy')), 'clew');
    assert.ok(all.length > 2);
    assert.deepEqual(
      all.filter((arrow) => arrow.includes('helm-test') || arrow.startsWith('in ')),
      [],
    );
  });

  it('opens the port of each endpoint, and what is named', async () => {
    const out = arrows(await objectsOf(caseOf('service', 'own destinations of each signal')), 'clew');
    assert.deepEqual(
      out.filter((arrow) => arrow.includes('anywhere')),
      ['full-otel', 'helm-test of full-otel'].flatMap((pod) =>
        ['3100', '4317', '443'].map((port) => `out ${pod} -> anywhere:${port}`),
      ),
    );
    const named = arrows(await objectsOf(caseOf('service', 'a NetworkPolicy that lets in')), 'clew');
    assert.ok(named.includes('out prom-otel -> namespace monitoring:14317'));
    assert.ok(named.includes('out prom-otel -> 192.0.2.0/24:any'));
    assert.ok(!named.some((arrow) => arrow.includes('anywhere')));
  });

  it('lets the starter of a TestRun ask the runners to begin', async () => {
    const all = arrows(await objectsOf(caseOf('load', 'a TestRun with everything')), 'clew');
    for (const arrow of ['out load -> load:6565', 'in anywhere -> load:6565']) assert.ok(all.includes(arrow), arrow);
  });

  it('does not meet the release of another tenant, which has the same names', async () => {
    const stage = await objectsOf(caseOf('clew', 'stage'));
    const prod = await objectsOf(caseOf('clew', 'prod'));
    assert.ok(stage.map(named).every((name) => prod.map(named).includes(name)));
    for (const [objects, own, other] of [
      [stage, 'stage', 'prod'],
      [prod, 'prod', 'stage'],
    ] as const) {
      assert.doesNotMatch(JSON.stringify(objects), new RegExp(`\\b${other}\\b`));
      for (const { spec, metadata } of objects.filter(({ kind }) => kind === 'PodLogs')) {
        assert.deepEqual(spec?.namespaceSelector?.matchLabels, { 'kubernetes.io/metadata.name': `clew-${own}` });
        assert.equal(metadata.labels?.tenant, own);
      }
      const rules = objects.flatMap(({ spec }) => spec?.groups ?? []);
      assert.equal(rules.length, 4);
      assert.equal(new Set(rules.map(({ name }) => name)).size, 4);
      for (const { expr } of rules.flatMap((group) => group.rules)) {
        const [selectors, own2] = [/\{/g, new RegExp(`service_namespace="clew-${own}"`, 'g')].map(
          (pattern) => expr.match(pattern)?.length,
        );
        assert.equal(own2, selectors, expr);
      }
    }
  });

  it('has rules that Prometheus takes, and that fire when they should', async () => {
    checkRules(await objectsOf(caseOf('service', 'everything')));
    const rules = (await objectsOf(caseOf('service', 'alerts without a severity'))).filter(
      ({ kind, metadata }) => kind === 'PrometheusRule' && metadata.labels?.['clew.dev/rules'] !== 'logs',
    );
    checkQueries(
      rules.flatMap(({ spec }) => spec?.groups ?? []).flatMap((group) => group.rules.map(({ expr }) => expr)),
    );
  });

  it('has rules on log lines that Loki takes', { skip: noLogcli }, async () => {
    const objects = await objectsOf(caseOf('clew', 'stage'));
    const rules = objects.filter(({ metadata }) => metadata.labels?.['clew.dev/rules'] === 'logs');
    const queries = rules
      .flatMap(({ spec }) => spec?.groups ?? [])
      .flatMap((group) => group.rules.map(({ expr }) => expr));
    assert.equal(queries.length, 2 * 2);
    for (const query of queries) assert.equal(logqlProblem(query), undefined, query);
    assert.ok(logqlProblem('sum(rate({a="b"}[5m])) by'));
  });

  it('says after an install what to ask the stores, of this release', async () => {
    const text = await notes(caseOf('clew', 'one of everything'));
    const queries = (language: string) =>
      [...text.matchAll(new RegExp(`\\(${language}\\):?\\n +(.*)`, 'g'))].map(([, query]) => String(query));
    const promql = queries('PromQL');
    assert.equal(promql.length, 2 * 3);
    checkQueries(promql);
    for (const query of [...promql, ...queries('LogQL')]) {
      assert.match(query, /service_name="(full|prom)-otel", service_namespace="shop"/);
    }
    assert.equal(queries('TraceQL').length, 2 * 2 + 1);
    assert.match(text, /302 active series,\n2\.6 spans per second, 135 MB of log a day/);
    assert.match(text, /port-forward svc\/clew-prom-otel 8080/);
    assert.match(text, /load plays smoke as a Deployment in shop/);
  });

  it('beside k8s-monitoring has no log line twice, and nothing scraped twice', async () => {
    const objects = await objectsOf(caseOf('clew', 'k8s-monitoring'));
    assert.ok(!objects.some(({ kind }) => ['ServiceMonitor', 'PodMonitor', 'PodLogs'].includes(kind)));
    for (const { template } of workloads(objects)) {
      const output = template.spec.containers[0]?.env?.find(({ name }) => name === 'LOG_OUTPUT')?.value;
      // full-otel sends by OTLP unless it is told otherwise.
      const byOtlp = output === undefined ? template.spec.containers[0]?.name === 'full-otel' : output === 'both';
      assert.equal(template.metadata?.annotations?.['logs.grafana.com/pods.enabled'], byOtlp ? 'false' : undefined);
    }
    const scraped = workloads(objects).filter(
      ({ template }) => template.metadata?.annotations?.['k8s.grafana.com/scrape'],
    );
    assert.deepEqual(
      scraped.map(({ object }) => object.metadata.name),
      ['clew-prom-otel'],
    );
  });

  it('on OpenShift leaves user and group to the platform', async () => {
    for (const { template } of workloads(await objectsOf(caseOf('clew', 'openshift')))) {
      assert.deepEqual(Object.keys(template.spec.securityContext ?? {}).sort(), ['runAsNonRoot', 'seccompProfile']);
    }
  });

  it('has load/ in a ConfigMap, of which k6 can play every scenario that the chart names', async () => {
    const objects = await objectsOf(caseOf('load', 'a Job with everything'));
    const folder = mkdtempSync(join(tmpdir(), 'clew-scripts-'));
    try {
      const files = mounted(objects);
      assert.ok(files.size > 40);
      for (const [path, text] of files) {
        assert.equal(text, readFileSync(join(LOAD, path), 'utf8'), path);
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      const { properties } = JSON.parse(readFileSync(join(HELM, 'load', 'values.schema.json'), 'utf8'));
      const scenarios = readStories()
        .map(({ name }) => name)
        .filter((name) => !NOT_HERE.includes(name));
      assert.deepEqual(new Set(properties.scenario.enum), new Set(scenarios));
      const k6 = findProgram('k6');
      if (k6 === undefined) return;
      const [container] = workloads(objects)[0]?.template.spec.containers ?? [];
      const env = Object.fromEntries((container?.env ?? []).map(({ name, value = 'from a secret' }) => [name, value]));
      assert.equal(env.YES, 'true');
      for (const scenario of scenarios) inspect(k6, join(folder, 'scenarios', `${scenario}.ts`), env);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** The files that a container of the load chart finds. */
function mounted(objects: KubeObject[]): Map<string, string> {
  const { data = {} } = objects.find(({ kind }) => kind === 'ConfigMap') ?? {};
  const volumes = workloads(objects).flatMap(({ template }) => template.spec.volumes ?? []);
  const scripts = volumes.find(({ name }) => name === 'scripts')?.configMap;
  const { items } = scripts as { items: { key: string; path: string }[] }; // what load.scriptsVolume writes
  assert.equal(items.length, Object.keys(data).length);
  return new Map(items.map(({ key, path }) => [path, data[key] ?? '']));
}

function inspect(k6: string, script: string, env: Record<string, string>): void {
  const args = ['inspect', '--include-system-env-vars', script];
  const { status, stderr } = spawnSync(k6, args, { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } });
  assert.equal(status, 0, stderr);
}
