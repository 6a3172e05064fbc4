import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { listExemplars, listSeries, type StoredSeries } from '../packages/evidence/src/index.ts';
import { everyEndpoint } from './harness/every-endpoint.ts';
import { startFakePeer } from './harness/peer.ts';
import { sendAndLeave, sendRaw } from './harness/raw-client.ts';
import { type RunningBackend, startBackend } from './harness/run.ts';
import { type RunningService, runService } from './harness/running-service.ts';
import { services } from './harness/services.ts';
import { codesIn, tableUnder } from './markdown.ts';

// One request of every kind to each service, and what arrives of their metrics in Prometheus form is compared. Every
// difference is in docs/full-vs-hybrid.md, and every difference that is there exists.
const DURATION = 'http_server_request_duration_seconds';
const FULL = 'full-otel';
const PROM = 'prom-otel';
const table = (heading: string) =>
  tableUnder(readFileSync(join(import.meta.dirname, '../docs/full-vs-hybrid.md'), 'utf8'), heading);
/** What stands in the column, where a trailing `*` stands for any ending. */
const documented = (heading: string, column: string) => table(heading).flatMap((row) => codesIn(row[column]));
const matches = (name: string, pattern: string) =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

let backend: RunningBackend;
let running: RunningService[];

before(async () => {
  backend = await startBackend();
  await using peer = await startFakePeer();
  running = await Promise.all(services.map((under) => runService(under, backend, { PEER_URL: peer.url })));
  for (const service of running) {
    for (const request of everyEndpoint) await service.send(request);
    for (let i = 0; i < 3; i += 1) await sendAndLeave(`${service.url}/api/slow?ms=5000`);
    await sendRaw(service.url, 'NONSENSE\r\n\r\n');
    assert.equal(await service.stop(), 0, service.lastLines().join('\n'));
  }
});

after(async () => {
  for (const service of running ?? []) await service[Symbol.asyncDispose]();
  await backend?.close();
});

it('both have the same metrics, but for those that are listed', () => {
  const [full, prom] = [metricsOf(FULL), metricsOf(PROM)];
  assertListed(
    [...full].filter((name) => !prom.has(name)),
    documented('Metrics of full-otel alone', 'metric'),
  );
  assertListed(
    [...prom].filter((name) => !full.has(name)),
    documented('Metrics of prom-otel alone', 'metric'),
  );
  assert.ok(full.has(DURATION) && full.has('clew_http_server_rejected_total'));
});

it('the series of what both have differ in no label but those that are listed', () => {
  const common = [...metricsOf(FULL)].filter((name) => metricsOf(PROM).has(name));
  const differing = new Set<string>();
  const ignored = new Set(documented('Labels that differ', 'label'));
  for (const metric of common) {
    const [full, prom] = [FULL, PROM].map((service) => seriesOf(service, metric).map(({ labels }) => labels));
    const bare = (labels: Record<string, string>[] = []) => labels.map((set) => withoutLabels(set, ignored)).sort();
    assert.deepEqual(bare(full), bare(prom), metric);
    const names = (sets: Record<string, string>[] = []) => new Set(sets.flatMap(Object.keys));
    for (const name of [...names(full), ...names(prom)]) {
      if (!names(full).has(name) || !names(prom).has(name)) differing.add(name);
    }
  }
  assert.ok(common.length > 5);
  const values = [...ignored].filter((name) => name === 'service_name'); // there in both, with its own value
  assert.deepEqual([...differing, ...values].sort(), [...ignored].sort(), 'a difference that does not exist');
});

it('type, boundaries and counts of the request metrics are the same', () => {
  for (const metric of [DURATION, 'clew_http_server_rejected_total']) {
    const [full, prom] = [FULL, PROM].map((service) =>
      Object.fromEntries(
        seriesOf(service, metric).map(({ labels, type, last }) => [
          withoutLabels(labels, new Set(documented('Labels that differ', 'label'))),
          [type, last?.histogram?.bounds, last?.histogram?.count ?? last?.value],
        ]),
      ),
    );
    assert.ok(Object.keys(full ?? {}).length > (metric === DURATION ? 15 : 0), metric);
    assert.deepEqual(full, prom);
  }
});

it('every bucket that both counted has an exemplar with the same labels in both, which leads to its span', () => {
  for (const { name } of services) {
    const exemplars = listExemplars(backend.evidence, { service: name, metric: DURATION, limit: 10_000 });
    for (const { labels, last } of seriesOf(name, DURATION)) {
      const counted = (last?.histogram?.counts ?? []).flatMap((count, i) =>
        count > 0 ? [last?.histogram?.bounds[i] ?? Number.POSITIVE_INFINITY] : [],
      );
      const own = exemplars.filter((exemplar) => withoutLabels(exemplar.labels) === withoutLabels(labels));
      assert.deepEqual(
        [...new Set(own.map(({ le }) => Number(le ?? Number.POSITIVE_INFINITY)))].sort((a, b) => a - b),
        counted,
        `${name} ${JSON.stringify(labels)}`,
      );
      assert.ok(own.every(({ linked }) => linked));
    }
  }
});

function metricsOf(service: string): Set<string> {
  return new Set(listSeries(backend.evidence, { service, limit: 10_000 }).map(({ metric }) => metric));
}

function seriesOf(service: string, metric: string): StoredSeries[] {
  return listSeries(backend.evidence, { service, metric, limit: 10_000 });
}

/** The labels as text, sorted. */
function withoutLabels(labels: Record<string, string>, ignored = new Set<string>()): string {
  return Object.entries(labels)
    .filter(([name]) => !ignored.has(name))
    .map((label) => label.join('='))
    .sort()
    .join(' ');
}

function assertListed(found: string[], patterns: string[]): void {
  const unlisted = found.filter((name) => !patterns.some((pattern) => matches(name, pattern)));
  const gone = patterns.filter((pattern) => !found.some((name) => matches(name, pattern)));
  assert.deepEqual({ unlisted, gone }, { unlisted: [], gone: [] });
}
