import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { listExemplars } from '../packages/evidence/src/index.ts';
import { everyEndpoint } from './harness/every-endpoint.ts';
import {
  assertSameLabels,
  assertSameMetrics,
  DURATION,
  labelsAsText,
  labelsThatDiffer,
  seriesOf,
} from './harness/parity.ts';
import { startFakePeer } from './harness/peer.ts';
import { sendAndLeave, sendRaw } from './harness/raw-client.ts';
import { type RunningBackend, startBackend } from './harness/run.ts';
import { type RunningService, runService } from './harness/running-service.ts';
import { services } from './harness/services.ts';

// One request of every kind to each service, and what arrives of their metrics in Prometheus form is compared.

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
  assertSameMetrics(backend.evidence);
});

it('the series of what both have differ in no label but those that are listed', () => {
  assertSameLabels(backend.evidence);
});

it('type, boundaries and counts of the request metrics are the same', () => {
  for (const metric of [DURATION, 'clew_http_server_rejected_total']) {
    const [full, prom] = services.map(({ name }) =>
      Object.fromEntries(
        seriesOf(backend.evidence, name, metric).map(({ labels, type, last }) => [
          labelsAsText(labels, labelsThatDiffer()),
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
    for (const { labels, last } of seriesOf(backend.evidence, name, DURATION)) {
      const counted = (last?.histogram?.counts ?? []).flatMap((count, i) =>
        count > 0 ? [last?.histogram?.bounds[i] ?? Number.POSITIVE_INFINITY] : [],
      );
      const own = exemplars.filter((exemplar) => labelsAsText(exemplar.labels) === labelsAsText(labels));
      assert.deepEqual(
        [...new Set(own.map(({ le }) => Number(le ?? Number.POSITIVE_INFINITY)))].sort((a, b) => a - b),
        counted,
        `${name} ${JSON.stringify(labels)}`,
      );
      assert.ok(own.every(({ linked }) => linked));
    }
  }
});
