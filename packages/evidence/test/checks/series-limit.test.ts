import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Evidence, openEvidence, type PointRecord } from '../../src/index.ts';
import { START_US } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'series-limit';

function evidenceWith(series: number, instance: string, evidence: Evidence = openEvidence()): Evidence {
  const points = Array.from({ length: series }, (_, i): PointRecord => {
    const labels = { path: `/users/${i}`, method: i % 2 ? 'GET' : 'PUT' };
    return { metric: 'requests_total', type: 'counter', labels, timeUs: START_US, source: 'scrape', value: 1 };
  });
  const attributes = { 'service.name': 'shop', 'service.instance.id': instance };
  evidence.write([{ resource: { attributes }, points }]);
  return evidence;
}

test('holds up to 200 series of a metric in each process', () => {
  const { status, checked } = resultOf(name, evidenceWith(200, 'b', evidenceWith(200, 'a')));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 2 });
});

test('has nothing to check without series', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
});

test('names the metric that has more, and the label that makes them', () => {
  const { status, examples } = resultOf(name, evidenceWith(201, 'a'));
  assert.equal(status, 'falls-short');
  assert.deepEqual(examples, [{ service: 'shop', metric: 'requests_total', series: 201, label: 'path (201 values)' }]);
});
