import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplesOf } from '../lib/samples.ts';

const PAGE = `# TYPE clew_fault_labels counter
clew_fault_labels_total{value="v1"} 3
clew_fault_labels_total{value="v2"} 4 # {trace_id="a"} 1
clew_fault_labels_created 1.5
nodejs_heap_size_used_bytes 31457280
# EOF
`;

test('finds the samples of one metric, with and without labels', () => {
  assert.deepEqual(samplesOf(PAGE, 'clew_fault_labels_total'), [
    { labels: 'value="v1"', value: 3 },
    { labels: 'value="v2"', value: 4 },
  ]);
  assert.deepEqual(samplesOf(PAGE, 'nodejs_heap_size_used_bytes'), [{ labels: '', value: 31457280 }]);
  assert.deepEqual(samplesOf(PAGE, 'other'), []);
});
