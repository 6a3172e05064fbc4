import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricName } from '../../src/prometheus/metric-name.ts';

type Type = Parameters<typeof metricName>[2];

const names: [name: string, unit: string, type: Type, expected: string][] = [
  ['http.server.request.duration', 's', 'histogram', 'http_server_request_duration_seconds'],
  ['clew.http.server.rejected', '{request}', 'counter', 'clew_http_server_rejected_total'],
  ['clew.fault.active', '', 'gauge', 'clew_fault_active'],
  ['v8js.memory.heap.used', 'By', 'gauge', 'v8js_memory_heap_used_bytes'],
  ['nodejs.eventloop.utilization', '1', 'gauge', 'nodejs_eventloop_utilization_ratio'],
  ['things', '1', 'counter', 'things_total'],
  ['process.cpu.time', 's', 'counter', 'process_cpu_time_seconds_total'],
  ['disk.io', 'By/s', 'gauge', 'disk_io_bytes_per_second'],
  ['rate', '{packet}/min', 'gauge', 'rate_per_minute'],
  ['duration_seconds', 's', 'gauge', 'duration_seconds'],
  ['requests.total', '', 'counter', 'requests_total'],
  ['total.bytes', 'By', 'counter', 'bytes_total'],
  ['a--b..c', 'ms', 'gauge', 'a_b_c_milliseconds'],
  ['2xx', '', 'counter', '_2xx_total'],
  ['used', 'KiBy{heap}', 'gauge', 'used_kibibytes'],
  ['speed', 'furlong', 'gauge', 'speed_furlong'],
  ['constructor', 'constructor', 'gauge', 'constructor'],
];

for (const [name, unit, type, expected] of names) {
  test(`${type} ${name} in ${unit || 'no unit'} is ${expected}`, () => {
    assert.equal(metricName(name, unit, type), expected);
  });
}
