import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTraces, type TraceFilter } from '../../src/index.ts';
import { evidenceOf, goodRun, START_US } from '../run.ts';

const cases: { what: string; filter: TraceFilter; names: string[] }[] = [
  { what: 'service', filter: { service: 'prom-otel' }, names: ['GET /api/data', 'GET /api/slow'] },
  { what: 'route', filter: { route: '/api/error' }, names: ['GET /api/error'] },
  { what: 'status', filter: { status: 404 }, names: ['GET '] },
  { what: 'error', filter: { error: true }, names: ['GET /api/error'] },
  { what: 'service and route of one span', filter: { service: 'full-otel', route: '/api/slow' }, names: [] },
  { what: 'duration', filter: { minDurationUs: 1001 }, names: [] },
  {
    what: 'time',
    filter: { service: 'full-otel', since: START_US + 1, until: START_US + 10_000 },
    names: ['GET /api/users'],
  },
  { what: 'limit', filter: { limit: 1, service: 'prom-otel' }, names: ['GET /api/data'] },
];

for (const { what, filter, names } of cases) {
  test(`finds traces by ${what}, newest first`, () => {
    const evidence = evidenceOf(goodRun());
    const found = findTraces(evidence, filter).map(({ name }) => name);
    evidence.close();
    assert.deepEqual(found, names);
  });
}

test('sums a trace up', () => {
  const run = goodRun();
  const evidence = evidenceOf(run);
  const [trace] = findTraces(evidence, { limit: 1 });
  evidence.close();
  const root = run['full-otel'].spans.at(-2);
  assert.deepEqual(trace, {
    traceId: root?.traceId,
    name: 'GET /api/data',
    service: 'full-otel',
    status: 200,
    startUs: START_US + 10_000,
    durationUs: 51_000 - 10_000,
    spans: 3,
    errors: 0,
    services: trace?.services,
  });
  assert.deepEqual(trace.services.sort(), ['full-otel', 'prom-otel']);
});
