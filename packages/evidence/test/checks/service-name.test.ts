import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Batch, openEvidence } from '../../src/index.ts';
import { evidenceOf, goodRun } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'service-name';

test('holds when every resource has one', () => {
  const { status, checked } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 2 });
});

test('has nothing to check without telemetry', () => {
  const evidence = openEvidence();
  evidence.write([{ resource: { attributes: {} } }]);
  assert.equal(resultOf(name, evidence).status, 'nothing-to-check');
});

for (const attributes of [{}, { 'service.name': '' }, { 'service.name': 'unknown_service:node' }]) {
  for (const signal of ['spans', 'logs', 'points', 'exemplars'] as const) {
    test(`names ${signal} of a service named ${JSON.stringify(attributes)}`, () => {
      const run = goodRun();
      const batch: Batch = { resource: { attributes: { ...attributes, 'host.name': 'web-1' } } };
      const evidence = evidenceOf(run);
      evidence.write([{ ...batch, [signal]: run['prom-otel'][signal] }]);
      const { held, examples } = resultOf(name, evidence);
      assert.equal(held, 2);
      assert.partialDeepStrictEqual(examples, [{ attributes: { 'host.name': 'web-1' } }]);
    });
  }
}
