import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listExemplars } from '../../src/index.ts';
import { evidenceOf, goodRun } from '../run.ts';

test('an exemplar that the next scrape shows again is the same', () => {
  const run = goodRun();
  const [exemplar] = run['prom-otel'].exemplars;
  assert.ok(exemplar);
  const { le: _bucket, ...ofCounter } = exemplar;
  run['prom-otel'].exemplars.push(ofCounter);
  const evidence = evidenceOf(run);
  evidence.write([run['prom-otel']]);
  evidence.write([{ ...run['prom-otel'], exemplars: [{ ...exemplar, timeUs: exemplar.timeUs + 1 }] }]);
  const found = listExemplars(evidence, { service: 'prom-otel' });
  evidence.close();
  assert.equal(found.length, run['prom-otel'].exemplars.length + 1);
});
