import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Attributes, openEvidence } from '../../src/index.ts';
import { goodRun } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'same-resource';
type Signal = 'traces' | 'metrics' | 'logs';

const whole = {
  'service.name': 'prom-otel',
  'service.namespace': 'clew',
  'service.version': '1.0.0',
  'service.instance.id': 'pod-1',
  'deployment.environment.name': 'production',
};

/** prom-otel's telemetry of a good run, with a resource per signal; exemplars come with the metrics. */
function evidenceOf(resources: Record<Signal, Attributes>, evidence = openEvidence()) {
  const { spans, logs, points, exemplars } = goodRun()['prom-otel'];
  evidence.write([
    { resource: { attributes: resources.traces }, spans },
    { resource: { attributes: resources.metrics }, points, exemplars },
    { resource: { attributes: resources.logs }, logs },
  ]);
  return evidence;
}

const same = { traces: whole, metrics: whole, logs: whole };

test('holds when the signals of a service agree, and when they come as one', () => {
  for (const logs of [whole, { ...whole, 'host.name': 'web-1' }]) {
    const { status, checked } = resultOf(name, evidenceOf({ ...same, logs }));
    assert.deepEqual({ status, checked }, { status: 'holds', checked: 15 });
  }
});

test('has nothing to check with one signal', () => {
  const evidence = openEvidence();
  evidence.write([{ resource: { attributes: whole }, spans: goodRun()['prom-otel'].spans }]);
  const { status, reasons } = resultOf(name, evidence);
  assert.equal(status, 'nothing-to-check');
  assert.equal(reasons['service.version only in traces'], 1);
});

for (const signal of ['metrics', 'logs'] as const) {
  for (const attribute of Object.keys(whole)) {
    test(`names ${attribute} of ${signal} that differs from that of the spans they point at`, () => {
      const attributes = { ...whole, [attribute]: 'other' };
      const { status, examples } = resultOf(name, evidenceOf({ ...same, [signal]: attributes }));
      assert.equal(status, 'falls-short');
      assert.partialDeepStrictEqual(
        examples.find((example) => 'signal' in example && example.signal === signal),
        { signal, attribute, value: 'other', elsewhere: [Object(whole)[attribute]] },
      );
    });
  }
}

test('takes no other instance for the one that has just started, and has sent no spans yet', () => {
  const started = { ...whole, 'service.instance.id': 'pod-2', 'service.version': '2.0.0' };
  const evidence = evidenceOf(same);
  evidence.write([{ resource: { attributes: started }, logs: goodRun()['prom-otel'].logs.map(withoutIds) }]);
  const { status, reasons } = resultOf(name, evidence);
  assert.equal(status, 'holds');
  assert.equal(reasons['service.version only in logs'], 1);
});

function withoutIds<T extends object>(record: T): T {
  return { ...record, traceId: undefined, spanId: undefined };
}

test('says what a signal lacks, and reads labels with underscores', () => {
  const logs = { service_name: 'prom-otel', service_namespace: 'clew' };
  const { status, reasons } = resultOf(name, evidenceOf({ ...same, logs }));
  assert.equal(status, 'holds');
  assert.deepEqual(reasons, {
    'service.version not in logs': 1,
    'service.instance.id not in logs': 1,
    'deployment.environment.name not in logs': 1,
  });
});

test('compares each process with itself: two versions may run side by side', () => {
  const next = { ...whole, 'service.version': '2.0.0', 'service.instance.id': 'pod-2' };
  const evidence = evidenceOf({ traces: next, metrics: next, logs: next }, evidenceOf(same));
  assert.equal(resultOf(name, evidence).status, 'holds');
  const mixed = evidenceOf({ traces: next, metrics: next, logs: whole }, evidenceOf(same));
  assert.partialDeepStrictEqual(resultOf(name, mixed).examples, [{ attribute: 'service.version' }]);
});

test('finds the process by service.instance.id, then by service.name, where no ids lead to it', () => {
  const run = goodRun()['prom-otel'];
  const unlinked = (attributes: Attributes) => {
    const evidence = openEvidence();
    evidence.write([
      { resource: { attributes: whole }, spans: run.spans },
      { resource: { attributes }, points: run.points },
    ]);
    return resultOf(name, evidence).examples;
  };
  assert.partialDeepStrictEqual(unlinked({ ...whole, 'service.name': 'renamed' }), [{ attribute: 'service.name' }]);
  const { 'service.instance.id': _, ...anonymous } = whole;
  assert.partialDeepStrictEqual(unlinked({ ...anonymous, 'service.version': '0' }), [{ attribute: 'service.version' }]);
});
