import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretPatterns } from '../../../src/checks/secrets/patterns.ts';
import { openEvidence } from '../../../src/index.ts';
import { evidenceOf, goodRun, type Run, START_US } from '../../run.ts';
import { resultOf } from '../one-check.ts';

const name = 'secrets';
const mail = 'alice@example.com';

test('holds when there is none, in spans, log lines, exemplars, series and resources', () => {
  const { status, checked } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 9 + 8 + 8 + 6 + 2 });
});

test('has nothing to check without telemetry', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
});

for (const { name: pattern, sample } of secretPatterns) {
  test(`names ${pattern} in a log line, and does not repeat it`, () => {
    const run = goodRun();
    run['prom-otel'].logs.push({ timeUs: START_US, body: `got ${sample}`, attributes: {}, source: 'stdout' });
    const { status, checked, held, examples } = resultOf(name, evidenceOf(run));
    assert.deepEqual({ status, failed: checked - held }, { status: 'falls-short', failed: 1 });
    assert.partialDeepStrictEqual(examples, [
      { pattern, service: 'prom-otel', record: 'log', where: 'text', records: 1 },
    ]);
    assert.ok(!JSON.stringify(examples).includes(sample));
  });
}

type Telemetry = Run['full-otel'];
const first = <T>([record]: T[]): T => {
  assert.ok(record);
  return record;
};
const places: { record: string; where: string; plant: (telemetry: Telemetry) => unknown }[] = [
  { record: 'span', where: 'text', plant: ({ spans }) => Object.assign(first(spans), { name: `GET /${mail}` }) },
  { record: 'span', where: 'text', plant: ({ spans }) => Object.assign(first(spans), { statusMessage: mail }) },
  {
    record: 'span',
    where: 'attributes: url.query',
    plant: ({ spans }) => Object.assign(first(spans), { attributes: { 'url.query': `q=${mail}` } }),
  },
  {
    record: 'span',
    where: 'event exception: exception.message',
    plant: ({ spans }) => {
      const attributes = { 'exception.message': `no user\n${mail}` };
      Object.assign(first(spans), { events: [{ name: 'exception', timeUs: START_US, attributes }] });
    },
  },
  {
    record: 'log',
    where: 'attributes: exception.stacktrace',
    plant: ({ logs }) => Object.assign(first(logs), { attributes: { 'exception.stacktrace': `Error: ${mail}\n at` } }),
  },
  {
    record: 'exemplar',
    where: 'attributes: user',
    plant: ({ exemplars }) => Object.assign(first(exemplars), { attributes: { user: mail } }),
  },
  {
    record: 'series',
    where: 'attributes: user',
    plant: ({ points }) => Object.assign(first(points), { labels: { user: mail } }),
  },
  {
    record: 'resource',
    where: 'attributes: process.owner',
    plant: ({ resource }) => Object.assign(resource.attributes, { 'process.owner': mail }),
  },
];

for (const { record, where, plant } of places) {
  test(`looks at a ${record}, ${where}`, () => {
    const run = goodRun();
    plant(run['full-otel']);
    const { checked, held, examples } = resultOf(name, evidenceOf(run));
    assert.equal(checked - held, 1);
    assert.partialDeepStrictEqual(examples, [{ pattern: 'e-mail address', service: 'full-otel', record, where }]);
  });
}

test('gives one example for each pattern, service and place, with how many records it is in', () => {
  const run = goodRun();
  for (const log of run['full-otel'].logs) log.body = mail;
  for (const log of run['prom-otel'].logs) log.body = mail;
  const { checked, held, examples } = resultOf(name, evidenceOf(run));
  assert.equal(checked - held, 8);
  assert.partialDeepStrictEqual(examples, [
    { service: 'full-otel', records: 6 },
    { service: 'prom-otel', records: 2 },
  ]);
  assert.equal(examples.length, 2);
});
