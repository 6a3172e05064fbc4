import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsOf, labelsOfResource, resourceOfLabels } from '../../src/prometheus/labels.ts';

test('attributes become labels, values of any type as text', () => {
  const attributes = { 'http.route': '/a', status: 200, ok: true, list: ['a', 1], 'a--b': 'x', '1st': 'y' };
  const labels = { http_route: '/a', status: '200', ok: 'true', list: '["a",1]', a_b: 'x', key_1st: 'y' };
  assert.deepEqual(labelsOf(attributes), labels);
});

test('an empty value is no label', () => {
  assert.deepEqual(labelsOf({ a: '', b: null, c: undefined, d: 0 }), { d: '0' });
});

test('attributes whose names become the same are joined in the order of their names', () => {
  assert.deepEqual(labelsOf({ a_b: '2', 'a.b': '1' }), { a_b: '1;2' });
});

test('what the base has wins', () => {
  assert.deepEqual(labelsOf({ 'service.name': 'other' }, { service_name: 'own' }), { service_name: 'own' });
});

test('a hostile name is a label like any other', () => {
  const labels = labelsOf(JSON.parse('{"__proto__":"x","constructor":"y"}'));
  assert.deepEqual(labels, { _proto_: 'x', constructor: 'y' });
});

test('of the resource, four attributes become labels', () => {
  const attributes = {
    'service.name': 'full-otel',
    'service.namespace': 'clew',
    'service.instance.id': 'a',
    'deployment.environment.name': 'demo',
    'service.version': '1',
    'process.pid': 1,
  };
  assert.deepEqual(labelsOfResource(attributes), {
    service_name: 'full-otel',
    service_namespace: 'clew',
    service_instance_id: 'a',
    deployment_environment_name: 'demo',
  });
});

test('the labels of a target are the resource of its series', () => {
  const labels = { service_name: 'prom-otel', zone: 'a' };
  assert.deepEqual(resourceOfLabels(labels), { 'service.name': 'prom-otel', zone: 'a' });
});
