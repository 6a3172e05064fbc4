import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listServices, openEvidence, summary } from '../../src/index.ts';
import { evidenceOf, goodRun, telemetry } from '../run.ts';

test('a write that fails leaves nothing, and the next one works', () => {
  const evidence = openEvidence();
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const run = goodRun();
  const [span] = run['full-otel'].spans;
  assert.ok(span);
  const broken = { ...run['prom-otel'], spans: [{ ...span, attributes: circle }] };
  assert.throws(() => evidence.write([run['full-otel'], broken]), TypeError);
  assert.deepEqual(summary(evidence).held, { traces: 0, spans: 0, logs: 0, series: 0, points: 0, exemplars: 0 });
  assert.deepEqual(listServices(evidence), []);

  evidenceOf(run, evidence);
  assert.deepEqual(summary(evidence).held, { traces: 7, spans: 9, logs: 8, series: 6, points: 6, exemplars: 8 });
  evidence.close();
});

test('a resource is stored once, whatever the order of its attributes', () => {
  const evidence = openEvidence();
  const batch = telemetry('a');
  evidence.write([{ ...batch, resource: { attributes: { 'service.name': 'a', 'service.version': '1' } } }]);
  evidence.write([{ ...batch, resource: { attributes: { 'service.version': '1', 'service.name': 'a' } } }]);
  evidence.write([{ ...batch, resource: { attributes: { service_name: 'a' } } }, { resource: { attributes: {} } }]);
  const found = listServices(evidence).map(({ name, resources }) => [name, resources.length]);
  evidence.close();
  assert.deepEqual(found, [
    ['a', 2],
    ['unknown_service', 1],
  ]);
});
