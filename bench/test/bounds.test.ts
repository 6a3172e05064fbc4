import assert from 'node:assert/strict';
import { test } from 'node:test';
import { broken } from '../src/bounds.ts';
import type { Loss } from '../src/loss.ts';
import type { Results } from '../src/results.ts';
import { SERVICES, WITHOUT_EXEMPLARS } from '../src/variants.ts';

const at = (median: number) => ({ median, low: median, high: median });
const none = { spans: 0, lines: 0, points: 0 };
const machine = { cpu: 'any', cores: 2, node: 'v26.10.0' };

test('what holds every bound is not mentioned', () => {
  assert.deepEqual(broken(results({})), []);
});

test('what bare and auto cost is no bound', () => {
  const capacity = ['bare', 'auto'].map((variant) => ({ variant, left: at(0.1), cpuPerRequestUs: at(50), rssMb: 900 }));
  assert.deepEqual(broken({ ...results({}), capacity }), []);
});

test('the capacity of each variant that has a bound is judged', () => {
  const variants = [...SERVICES, WITHOUT_EXEMPLARS].map(({ name }) => name);
  const capacity = variants.map((variant) => ({ variant, left: at(0.4), cpuPerRequestUs: at(50), rssMb: 200 }));
  assert.deepEqual(broken({ ...results({}), capacity }), [
    "full-otel has 0.40 of bare's capacity, at least 0.52",
    "prom-otel has 0.40 of bare's capacity, at least 0.5",
    "no-exemplars has 0.40 of bare's capacity, at least 0.55",
  ]);
});

test('each bound that does not hold is named with its value', () => {
  const sentences = broken(
    results({ left: 0.49, idleRssMb: 111, late: 0.61, loss: { missing: { ...none, lines: 3 } } }),
  );
  assert.deepEqual(sentences, [
    "prom-otel has 0.49 of bare's capacity, at least 0.5",
    'prom-otel idles at 111 MB, at most 110',
    'prom-otel starts 0.61 s later than bare, at most 0.6',
    'prom-otel, a scenario: 0 spans, 3 lines, 0 points lost, 0 responses cut',
  ]);
});

test('what exemplars and faults may cost is a bound, too', () => {
  const cost = { withoutNs: 1500, ratio: 1 };
  const exemplars = [
    { ...cost, where: 'as an exemplar', addedNs: 4001 },
    { ...cost, where: 'in a sampled span', addedNs: 1501 },
    { ...cost, where: 'outside a span', addedNs: 151 },
  ];
  const faults = ['none', 'off', 'waiting'].map((variant) => ({
    variant,
    left: at(0.97),
    cpuPerRequestUs: at(50),
    rssMb: 200,
  }));
  assert.deepEqual(broken({ ...results({}), exemplars, faults }), [
    'exemplars add 4001 ns to a measurement as an exemplar, at most 4000',
    'exemplars add 1501 ns to a measurement in a sampled span, at most 1500',
    'exemplars add 151 ns to a measurement outside a span, at most 150',
    'the fault engine leaves 0.970 of the capacity when it is off, at least 0.98',
  ]);
});

test('what was dropped and counted is accounted for only where it may be dropped', () => {
  const lost = { missing: { ...none, spans: 5 }, dropped: { ...none, spans: 5 } };
  const mayDrop = { name: 'a scenario', connections: 1, seconds: 1, mayDrop: true };
  assert.equal(broken(results({ loss: lost })).length, 1);
  assert.deepEqual(broken(results({ loss: { ...lost, scenario: mayDrop } })), []);
});

test('a load of which nothing was answered is no proof', () => {
  assert.match(broken(results({ loss: { answered: 0 } }))[0] ?? '', /nothing was answered/);
});

test('a rate that the machine did not reach is no proof in the long mode', () => {
  const scenario = { name: 'a scenario', connections: 1, seconds: 10, rate: 100 };
  assert.match(broken(results({ loss: { scenario, answered: 900 } }))[0] ?? '', /too busy for the rate/);
  assert.deepEqual(broken(results({ loss: { scenario, answered: 995 } })), []);
});

function results(given: { left?: number; idleRssMb?: number; late?: number; loss?: Partial<Loss> }): Results {
  const { left = 0.5, idleRssMb = 110, late = 0.6, loss = {} } = given;
  const variant = 'prom-otel';
  const scenario = { name: 'a scenario', connections: 1, seconds: 1 };
  return {
    date: '',
    exemplars: [],
    faults: [],
    seconds: {},
    machine,
    long: true,
    capacity: [{ variant, left: at(left), cpuPerRequestUs: at(50), rssMb: 200 }],
    start: [{ variant, seconds: at(1), overBareSeconds: at(late), idleRssMb, idleSeconds: 120 }],
    loss: [{ variant, scenario, answered: 10, cut: 0, unanswered: 0, missing: none, dropped: none, ...loss }],
  };
}
