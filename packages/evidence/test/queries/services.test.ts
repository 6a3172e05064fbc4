import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listServices, summary } from '../../src/index.ts';
import { evidenceOf, goodRun } from '../run.ts';

test('lists what each service has sent', () => {
  const evidence = evidenceOf(goodRun());
  const services = listServices(evidence).map(({ seenUs: _when, ...service }) => service);
  evidence.close();
  assert.deepEqual(services, [
    {
      name: 'full-otel',
      spans: 7,
      logs: 6,
      points: 4,
      exemplars: 6,
      resources: [{ 'service.name': 'full-otel' }],
    },
    {
      name: 'prom-otel',
      spans: 2,
      logs: 2,
      points: 2,
      exemplars: 2,
      resources: [{ 'service.name': 'prom-otel' }],
    },
  ]);
});

test('sums the store up', () => {
  const evidence = evidenceOf(goodRun());
  const found = summary(evidence);
  const bytes = evidence.bytes();
  evidence.close();
  const counts = { spans: 9, logs: 8, points: 6, exemplars: 8 };
  assert.deepEqual(found, {
    services: 2,
    received: counts,
    held: { ...counts, traces: 7, series: 6 },
    gaps: [],
    evictedUntilUs: 0,
    bytes,
  });
  assert.ok(bytes > 0);
});
