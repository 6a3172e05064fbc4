import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Attributes, type Evidence, runChecks } from '../../src/index.ts';
import { evidenceOf, goodRun, type Run } from '../run.ts';
import { resultOf } from './one-check.ts';

/** full-otel is in namespace shop, prom-otel in clew, where its metrics come without a namespace. */
function run(): Run {
  const made = goodRun();
  Object.assign(made['full-otel'].resource.attributes, { 'service.namespace': 'shop' });
  Object.assign(made['prom-otel'].resource.attributes, { 'service.namespace': 'clew' });
  return made;
}

function evidence(made: Run = run()): Evidence {
  const { points, exemplars } = made['prom-otel'];
  const written = evidenceOf({ ...made, 'prom-otel': { ...made['prom-otel'], points: [], exemplars: [] } });
  const attributes: Attributes = { service_name: 'prom-otel' };
  written.write([{ resource: { attributes }, points, exemplars }]);
  return written;
}

const checkedBy = (options: Parameters<typeof runChecks>[1]) => {
  const written = evidence();
  const counts = runChecks(written, options).map(({ name, checked }): [string, number] => [name, checked]);
  written.close();
  return Object.fromEntries(counts);
};

const ofPromOtel = {
  'exemplar-trace': 2,
  'exemplar-complete': 2,
  'exemplar-series': 2,
  'exemplar-value': 2,
  'exemplar-sampled': 2,
  'exemplar-coverage': 2,
  'log-trace': 2,
  'trace-logs': 2,
  'orphan-spans': 1,
  'multi-root': 2,
  'valid-ids': 6,
  'service-name': 2,
  'same-resource': 5,
  'request-counts': 2,
  'bucket-bounds': 2,
  'series-limit': 1,
  secrets: 10,
};

test('looks at the services that are asked for, in every check', () => {
  assert.deepEqual(checkedBy({ services: ['prom-otel'] }), ofPromOtel);
});

test('looks at a namespace, with what its services send without one', () => {
  assert.deepEqual(checkedBy({ namespace: 'clew' }), ofPromOtel);
});

test('looks at everything when asked for all of it', () => {
  assert.deepEqual(checkedBy({ services: ['prom-otel', 'full-otel'] }), checkedBy({}));
});

test('finds nothing to check in a namespace or service that is not there', () => {
  for (const options of [{ namespace: 'nope' }, { services: [] }, { namespace: 'clew', services: ['full-otel'] }]) {
    assert.deepEqual(new Set(Object.values(checkedBy(options))), new Set([0]));
  }
});

test('finds spans and lines of the other services that those asked for need', () => {
  const made = run();
  made['full-otel'].spans.pop();
  assert.equal(resultOf('orphan-spans', evidence(made), { namespace: 'clew' }).status, 'falls-short');
  assert.equal(resultOf('orphan-spans', evidence(made), { namespace: 'shop' }).status, 'nothing-to-check');
});
