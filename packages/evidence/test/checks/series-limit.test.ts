import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Evidence, openEvidence, type PointRecord } from '../../src/index.ts';
import { START_US } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'series-limit';

function evidenceWith(
  series: number,
  more: Record<string, string> = {},
  evidence: Evidence = openEvidence(),
): Evidence {
  const points = Array.from({ length: series }, (_, i): PointRecord => {
    const labels = { path: `/users/${i}`, method: i % 2 ? 'GET' : 'PUT', ...more };
    return { metric: 'requests_total', type: 'counter', labels, timeUs: START_US, source: 'scrape', value: 1 };
  });
  const { service_instance_id: instance = 'a' } = more;
  const attributes = { 'service.name': 'shop', 'service.instance.id': instance };
  evidence.write([{ resource: { attributes }, points }]);
  return evidence;
}

test('holds up to 200 series of a metric, of however many processes and scrapes', () => {
  const evidence = evidenceWith(200, { service_instance_id: 'a', instance: '10.0.0.1:80', pod: 'shop-1', job: 'shop' });
  evidenceWith(200, { service_instance_id: 'b', instance: '10.0.0.2:80', pod: 'shop-2', job: 'other' }, evidence);
  const { status, checked } = resultOf(name, evidence);
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 1 });
});

test('has nothing to check without series', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
});

test('names the metric that has more, and the label that makes them', () => {
  const { status, examples } = resultOf(name, evidenceWith(201, { pod: 'shop-1' }));
  assert.equal(status, 'falls-short');
  assert.deepEqual(examples, [{ service: 'shop', metric: 'requests_total', series: 201, label: 'path (201 values)' }]);
});

test('adds up the series of a service whose processes have different ones', () => {
  const evidence = evidenceWith(150, { service_instance_id: 'a', method: 'GET' });
  evidenceWith(150, { service_instance_id: 'b', method: 'PUT' }, evidence);
  assert.partialDeepStrictEqual(resultOf(name, evidence).examples, [{ series: 300, label: 'path (150 values)' }]);
});
