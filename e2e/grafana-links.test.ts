import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { DATA_SOURCES, type DataSource, dataSource, readDataSources } from '../test/grafana/data-sources.ts';
import { fillLink, type LinkedSpan, traceIdsOf } from '../test/grafana/links.ts';
import { waitFor } from '../test/harness/wait-for.ts';
import { exemplarsOf, linesOf, spansOf } from './stack/queries.ts';
import { type Services, startServices, straightTo } from './stack/services.ts';
import { type Stores, startStores } from './stack/stores.ts';
import { createTraffic } from './stack/traffic.ts';
import { needed } from './support/programs.ts';

const { leftOut, needAll } = needed('prometheus', 'loki', 'jaeger');

// Each link of deploy/grafana, filled with what real stores have, and asked of the store that it leads to. Jaeger is in
// the place of Tempo: a link to a trace is its id.

interface Dashboard {
  panels: { title: string; datasource: { type: string }; targets: { expr?: string }[] }[];
}

const NAMES = ['full-otel', 'prom-otel'];
const SERVER = 2;

suite('the links of Grafana, answered by real stores', { skip: leftOut, timeout: 180_000 }, () => {
  const sources = readDataSources('one-tenant.yaml');
  const [mimir, loki, tempo] = ['prometheus', 'loki', 'tempo'].map((type) => dataSource(sources, type)) as [
    DataSource,
    DataSource,
    DataSource,
  ];
  let stores: Stores;
  let services: Services;
  let since: number;

  before(async () => {
    needAll();
    since = Date.now() - 1000;
    stores = await startStores();
    services = await startServices('clew', straightTo(stores));
    stores.prometheus.scrape([services.target]);
    await createTraffic(services.all).everything();
  });
  after(async () => {
    services?.kill();
    await stores?.close();
  });

  for (const name of NAMES) {
    /** SERVER spans of the service behind its exemplars, which are links to them. */
    const exemplarSpans = (): Promise<LinkedSpan[]> =>
      waitFor(async () => {
        const exemplars = await exemplarsOf(stores, `{service_name="${name}"}`, since);
        const traces = await Promise.all(
          exemplars.map(async (one) => ({ ...one, spans: await spansOf(stores, one.traceId) })),
        );
        const found = traces.flatMap(({ traceId, spanId, spans }) =>
          spans
            .filter((span) => span.spanId === spanId && span.kind === SERVER)
            .map(({ service, attributes }) => ({
              traceId,
              spanId,
              attributes: { ...Object.fromEntries(attributes), 'service.name': service, 'service.namespace': 'clew' },
            })),
        );
        return exemplars.length > 3 && found.length === exemplars.length && found;
      }, `${name}: the span of each of its exemplars`);

    test(`${name}: each exemplar leads to its span`, async () => {
      assert.deepEqual(
        mimir.jsonData?.exemplarTraceIdDestinations?.map((link) => link.name),
        ['trace_id'], // exemplarsOf() fails where an exemplar has other labels than this and span_id
      );
      await exemplarSpans();
    });

    test(`${name}: each span leads to lines of its trace, and each of these back`, async () => {
      const { tags = [], query = '' } = tempo.jsonData?.tracesToLogsV2 ?? {};
      for (const span of await exemplarSpans()) {
        const filled = String(fillLink(query, span, tags));
        const lines = await waitFor(async () => {
          const found = await linesOf(stores, filled, since);
          return found.length > 0 && found;
        }, filled);
        for (const { line, labels } of lines) {
          const inText = line.startsWith('{') ? { 'Trace in the line': span.traceId } : {};
          assert.equal('Trace in the line' in inText, name === 'prom-otel');
          assert.deepEqual(traceIdsOf(loki, line, labels), { Trace: span.traceId, ...inText });
          // The text alone, for a store that keeps no structured metadata.
          assert.deepEqual(traceIdsOf(loki, line, {}), inText);
        }
      }
    });

    test(`${name}: each span leads to the series of its service and route`, async () => {
      const { tags = [], queries = [] } = tempo.jsonData?.tracesToMetrics ?? {};
      for (const span of await exemplarSpans()) {
        for (const { name: link, query } of queries) {
          if (link === 'Errors' && span.attributes['error.type'] === undefined) continue;
          const filled = String(fillLink(query, span, tags));
          await waitFor(async () => (await samplesOf(filled)) > 0, filled);
        }
      }
    });
  }

  test('each panel of the dashboard shows something', async () => {
    const { panels } = JSON.parse(readFileSync(join(DATA_SOURCES, '../dashboards/clew.json'), 'utf8')) as Dashboard;
    const fill = (query: string) => query.replaceAll('$service', '.+').replaceAll('$__rate_interval', '1m');
    const shown: string[] = [];
    for (const { title, datasource, targets } of panels) {
      for (const { expr } of targets) {
        if (expr === undefined) continue; // Tempo's
        const has = async () =>
          datasource.type === 'loki'
            ? (await linesOf(stores, fill(expr), since)).length > 0
            : (await samplesOf(fill(expr))) > 0;
        await waitFor(has, `${title}: ${fill(expr)}`);
        shown.push(title);
      }
    }
    assert.equal(shown.length, 5);
  });

  /** How many series a PromQL query answers. */
  async function samplesOf(query: string): Promise<number> {
    const response = await fetch(`${stores.prometheus.url}/api/v1/query?${new URLSearchParams({ query })}`);
    const text = await response.text();
    assert.ok(response.ok, `${query}: ${text}`);
    return (JSON.parse(text) as { data: { result: unknown[] } }).data.result.length;
  }
});
