import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEvidence } from '../../src/index.ts';
import { evidenceOf, goodRun } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'exemplar-series';

test('holds when every exemplar is of the service and route of its span, also without a route', () => {
  const { status, checked } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 8 });
});

test('has nothing to check without exemplars', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
});

test('names an exemplar that is on the series of another route', () => {
  const run = goodRun();
  const [users, , , error] = run['full-otel'].exemplars;
  assert.ok(users && error);
  error.labels = users.labels;
  const { status, held, examples } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, held }, { status: 'falls-short', held: 7 });
  assert.partialDeepStrictEqual(examples, [
    { route: '/api/users', spanRoute: '/api/error', traceId: error.traceId, differs: 'route' },
  ]);
});

test('names an exemplar whose series has a route and whose span has none', () => {
  const run = goodRun();
  const span = run['prom-otel'].spans[0];
  delete span?.attributes['http.route'];
  assert.partialDeepStrictEqual(resultOf(name, evidenceOf(run)).examples, [
    { route: '/api/slow', spanRoute: null, differs: 'route' },
  ]);
});

test('names a service that has another name in metrics', () => {
  const run = goodRun();
  const { resource, spans, logs, points, exemplars } = run['prom-otel'];
  run['prom-otel'] = { resource, spans, logs, points: [], exemplars: [] };
  const evidence = evidenceOf(run);
  evidence.write([{ resource: { attributes: { 'service.name': 'prom' } }, points, exemplars }]);
  const { held, examples } = resultOf(name, evidence);
  assert.equal(held, 6);
  assert.partialDeepStrictEqual(examples, [{ service: 'prom', spanService: 'prom-otel', differs: 'service' }]);
});

test('compares routes in the request histogram only', () => {
  const run = goodRun();
  for (const exemplar of run['full-otel'].exemplars) Object.assign(exemplar, { metric: 'queries_total', labels: {} });
  assert.equal(resultOf(name, evidenceOf(run)).status, 'holds');
});

test('counts an exemplar without a span as uncheckable', () => {
  const run = goodRun();
  run['prom-otel'].spans.shift();
  const { status, reasons } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, reasons }, { status: 'holds', reasons: { 'span not there': 1 } });
});
