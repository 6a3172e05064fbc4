import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEmpty, openEvidence } from '../src/index.ts';
import { evidenceOf, goodRun, START_US } from './run.ts';

test('tells whether there is anything to look at, of whom and when it is asked for', (t) => {
  const evidence = evidenceOf(goodRun());
  t.after(() => evidence.close());
  for (const options of [{}, { services: ['prom-otel'] }, { since: START_US }, { until: START_US }]) {
    assert.equal(isEmpty(evidence, options), false, JSON.stringify(options));
  }
  for (const options of [{ services: ['nope'] }, { namespace: 'nope' }, { since: START_US + 1e9 }, { until: 0 }]) {
    assert.equal(isEmpty(evidence, options), true, JSON.stringify(options));
  }
});

test('a resource that has sent nothing is nothing', (t) => {
  const evidence = openEvidence();
  t.after(() => evidence.close());
  assert.equal(isEmpty(evidence), true);
  evidence.write([{ resource: { attributes: { 'service.name': 'shop' } } }]);
  assert.equal(isEmpty(evidence), true);
});
