import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { getTrace, listExemplars, listSeries, logsOfTrace } from '../packages/evidence/src/index.ts';
import { DATA_SOURCES, type DataSource, dataSource, readDataSources } from './grafana/data-sources.ts';
import { fillLink, type LinkedSpan, selectorsIn, targetsOf, traceIdsOf } from './grafana/links.ts';
import { serverSpansOf } from './harness/read.ts';
import { type RunningBackend, startBackend } from './harness/run.ts';
import { type RunningService, runService } from './harness/running-service.ts';
import { services } from './harness/services.ts';

// Each link, filled with what the services have sent to the local backend, asks for what is there. That real stores
// answer the same queries: e2e/grafana-links.test.ts.

const GRAFANA = join(import.meta.dirname, '../deploy/grafana');
const files = globSync('*.yaml', { cwd: DATA_SOURCES });

for (const file of files) {
  const sources = readDataSources(file);

  describe(`deploy/grafana/datasources/${file}`, () => {
    it('doubles every $', () => {
      const text = readFileSync(join(DATA_SOURCES, file), 'utf8').replaceAll(/^\s*#.*$/gm, '');
      assert.match(text, /\$\$/);
      assert.doesNotMatch(text.replaceAll('$$', ''), /\$/);
    });

    it('has a link from each signal to the others, and none that leads nowhere', () => {
      const uids = sources.map(({ uid }) => uid);
      assert.equal(new Set(uids).size, uids.length);
      for (const source of sources) {
        const targets = targetsOf(source);
        for (const target of targets) assert.ok(uids.includes(target), `${source.name} leads to ${target}`);
        const least = { prometheus: 1, loki: 2, tempo: 4 }[source.type] ?? 0;
        assert.equal(targets.length, least, source.name);
      }
    });

    it('has every link of one-tenant.yaml, in each tenant, and none between tenants', () => {
      const tenants = Map.groupBy(sources, ({ secureJsonData }) => secureJsonData?.httpHeaderValue1);
      const expected = readDataSources('one-tenant.yaml').map((source) => withoutTenant(source, undefined));
      for (const [tenant, own] of tenants) {
        assert.deepEqual(
          own.map((source) => withoutTenant(source, tenant)),
          expected,
        );
        if (tenant === undefined) continue;
        for (const { jsonData } of own) assert.equal(jsonData?.httpHeaderName1, 'X-Scope-OrgID');
      }
    });
  });
}

/** As it would be for one tenant. A link to another tenant keeps that one's name, and so differs. */
function withoutTenant(source: DataSource, tenant: string | undefined): unknown {
  const own = new Set(['isDefault', 'httpHeaderName1', 'secureJsonData']);
  const text = JSON.stringify({ jsonData: {}, ...source }, (key, value) => (own.has(key) ? undefined : value));
  return JSON.parse(tenant === undefined ? text : text.replaceAll(` (${tenant})`, '').replaceAll(`-${tenant}"`, '"'));
}

describe('the links of Grafana', () => {
  const sources = readDataSources('one-tenant.yaml');
  const [mimir, loki, tempo] = ['prometheus', 'loki', 'tempo'].map((type) => dataSource(sources, type)) as [
    DataSource,
    DataSource,
    DataSource,
  ];
  let backend: RunningBackend;
  let running: RunningService[];

  before(async () => {
    backend = await startBackend();
    running = await Promise.all(services.map((under) => runService(under, backend)));
    for (const service of running) {
      await service.send({ path: '/api/users/7', route: '/api/users/:id' });
      await service.send({ path: '/api/error?type=exception', route: '/api/error', status: 500 });
      assert.equal(await service.stop(), 0);
    }
  });
  after(async () => {
    for (const service of running ?? []) await service[Symbol.asyncDispose]();
    await backend?.close();
  });

  /** A SERVER span with the attributes of its resource, as Grafana has it. */
  const spansOf = (name: string): LinkedSpan[] =>
    serverSpansOf(backend, name).map((span) => ({
      ...span,
      attributes: { ...span.attributes, 'service.name': span.service, 'service.namespace': 'clew' },
    }));

  for (const { name, logs } of services) {
    it(`${name}: an exemplar leads to its trace`, () => {
      const [link] = mimir.jsonData?.exemplarTraceIdDestinations ?? [];
      assert.equal(link?.name, 'trace_id');
      const exemplars = listExemplars(backend.evidence, { service: name });
      assert.ok(exemplars.length > 0);
      for (const { traceId } of exemplars) assert.ok(getTrace(backend.evidence, String(traceId)).length > 0);
    });

    it(`${name}: a span leads to the lines of its trace`, () => {
      const { tags = [], query = '' } = tempo.jsonData?.tracesToLogsV2 ?? {};
      const spans = spansOf(name);
      assert.equal(spans.length, 2);
      for (const span of spans) {
        const filled = fillLink(query, span, tags);
        const [, id] = /^\{[^}]+\} \| trace_id = "(\w+)"$/.exec(String(filled)) ?? [];
        assert.equal(id, span.traceId);
        assert.deepEqual(selectorsIn(String(filled))[0]?.labels, { service_name: name, service_namespace: 'clew' });
        assert.ok(logsOfTrace(backend.evidence, String(id)).some(({ service }) => service === name));
      }
    });

    it(`${name}: a line leads to its trace`, () => {
      for (const { traceId } of spansOf(name)) {
        assert.deepEqual(traceIdsOf(loki, 'request completed', { trace_id: traceId }), { Trace: traceId });
      }
      const lines = running.find(({ under }) => under.name === name)?.output ?? [];
      const withIds = lines.filter((line) => line.includes('"trace_id"'));
      assert.equal(withIds.length > 0, logs === 'stdout');
      for (const line of withIds) {
        assert.deepEqual(traceIdsOf(loki, line, {}), { 'Trace in the line': JSON.parse(line).trace_id });
      }
    });

    it(`${name}: a span leads to the series of its service and route`, () => {
      const { tags = [], queries = [] } = tempo.jsonData?.tracesToMetrics ?? {};
      assert.equal(queries.length, 3);
      for (const span of spansOf(name)) {
        for (const { name: link, query } of queries) {
          const [selector] = selectorsIn(String(fillLink(query, span, tags)));
          const { metric = '', labels = {} } = selector ?? {};
          assert.equal(labels.http_route, span.attributes['http.route']);
          const found = listSeries(backend.evidence, { metric: metric.replace(/_(count|bucket)$/, ''), labels });
          assert.ok(found.length > 0, `${link}: no ${metric} with ${JSON.stringify(labels)}`);
        }
      }
    });

    it(`${name}: a span leads to the profiles of its service`, () => {
      const { tags = [] } = tempo.jsonData?.tracesToProfiles ?? {};
      const [span] = spansOf(name);
      assert.ok(span);
      assert.equal(fillLink('$__tags', span, tags), `service_name="${name}"`);
    });
  }

  it('there is no link where the span has none of its tags', () => {
    const span = { traceId: 'a', spanId: 'b', attributes: {} };
    assert.equal(fillLink('{$__tags}', span, [{ key: 'service.name' }]), undefined);
  });
});

describe('deploy/grafana/dashboards/clew.json', () => {
  const dashboard = JSON.parse(readFileSync(join(GRAFANA, 'dashboards/clew.json'), 'utf8'));
  const targets = dashboard.panels.flatMap((panel: { targets: object[] }) => panel.targets);

  it('asks data sources by variables of the dashboard, so that it shows any tenant', () => {
    const variables = dashboard.templating.list.map(({ name }: { name: string }) => `\${${name}}`);
    for (const { datasource } of [...dashboard.panels, ...targets]) {
      assert.ok(variables.includes(datasource.uid), datasource.uid);
    }
  });

  it('shows exemplars where it shows latency', () => {
    const latency = targets.filter(({ expr = '' }: { expr?: string }) => expr.includes('_bucket'));
    assert.ok(latency.length > 0);
    for (const { exemplar } of latency) assert.equal(exemplar, true);
  });

  it('asks only for metrics and labels that the services have', () => {
    const signals = readFileSync(join(GRAFANA, '../../docs/signals.md'), 'utf8');
    for (const { expr = '' } of targets) {
      for (const [, label] of expr.matchAll(/(?:by \(|, )(\w+)/g)) {
        const known =
          ['le', 'service_name'].includes(label) ||
          signals.includes(label) ||
          signals.includes(label.replaceAll('_', '.'));
        assert.ok(known, `${label} in ${expr}`);
      }
    }
  });
});
