import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceOfLabels } from '../../src/readers/resource.ts';

test('labels with the names of resource attributes are the resource, others are not', () => {
  assert.deepEqual(
    resourceOfLabels({ service_name: 'a', k8s_pod_name: 'a-1', http_route: '/x', service_version: '' }),
    {
      'service.name': 'a',
      'k8s.pod.name': 'a-1',
    },
  );
});

test('job names the service where nothing else does', () => {
  assert.deepEqual(resourceOfLabels({ job: 'clew/full-otel' }), {
    'service.name': 'full-otel',
    'service.namespace': 'clew',
  });
  assert.deepEqual(resourceOfLabels({ job: 'node' }), { 'service.name': 'node' });
  assert.deepEqual(resourceOfLabels({ job: 'clew/x', service_name: 'a' }), { 'service.name': 'a' });
});
