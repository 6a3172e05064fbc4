import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checks } from '../src/checks/all.ts';
import { openEvidence, runChecks } from '../src/index.ts';
import { evidenceOf, goodRun, sendRequest } from './run.ts';

const names = checks.map(({ name }) => name);

test('every check holds on a good run', () => {
  const evidence = evidenceOf(goodRun());
  const results = runChecks(evidence);
  evidence.close();
  assert.deepEqual(
    results.map(({ name, status, rate, examples }) => ({ name, status, rate, examples })),
    names.map((name) => ({ name, status: 'holds', rate: 1, examples: [] })),
  );
});

test('every check holds with 10 % of the requests sampled, and says what it cannot check', () => {
  const run = goodRun();
  for (const service of ['full-otel', 'prom-otel'] as const) {
    for (let i = 0; i < 9; i += 1) {
      const { spanId } = sendRequest(run, { service, route: '/api/data', status: 200 });
      run[service].spans.pop();
      run[service].exemplars.pop();
      for (const log of run[service].logs) if (log.spanId === spanId) log.traceFlags = 0;
    }
  }
  const evidence = evidenceOf(run);
  const results = runChecks(evidence);
  evidence.close();
  assert.deepEqual(new Set(results.map(({ status }) => status)), new Set(['holds']));
  const { reasons } = results.find(({ name }) => name === 'log-trace') ?? {};
  assert.deepEqual(reasons, { 'not sampled, or no flags': 18 });
});

test('no check holds on empty evidence', () => {
  const evidence = openEvidence();
  const results = runChecks(evidence);
  evidence.close();
  assert.deepEqual(
    results.map(({ name, status, checked }) => ({ name, status, checked })),
    names.map((name) => ({ name, status: 'nothing-to-check', checked: 0 })),
  );
});

test('nothing holds by a minimum of zero when there is nothing to check', () => {
  const evidence = openEvidence();
  const [result] = runChecks(evidence, { only: ['log-trace'], minimum: { 'log-trace': 0 } });
  evidence.close();
  assert.equal(result?.status, 'nothing-to-check');
});

test('a lower minimum forgives', () => {
  const run = goodRun();
  run['full-otel'].spans.shift();
  const evidence = evidenceOf(run);
  const verdict = (least: number) =>
    runChecks(evidence, { only: ['log-trace'], minimum: { 'log-trace': least } }).map(({ status }) => status);
  assert.deepEqual(verdict(7 / 8), ['holds']);
  assert.deepEqual(verdict(0.9), ['falls-short']);
  evidence.close();
});

test('refuses names that no check has, and minimums out of range', () => {
  const evidence = openEvidence();
  assert.throws(
    () => runChecks(evidence, { only: ['log-traces'] }),
    /no check is called log-traces; there are exemplar/,
  );
  assert.throws(() => runChecks(evidence, { minimum: { nope: 1 } }), RangeError);
  assert.throws(() => runChecks(evidence, { minimum: { 'log-trace': 99 } }), RangeError);
  assert.throws(() => runChecks(evidence, { minimum: { 'log-trace': Number.NaN } }), RangeError);
  evidence.close();
});

test('says what each check is, why it breaks and what to do', () => {
  const evidence = openEvidence();
  for (const { title, cause, fix } of runChecks(evidence)) assert.ok(title && cause && fix);
  evidence.close();
});
