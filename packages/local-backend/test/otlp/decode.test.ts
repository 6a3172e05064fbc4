import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readLogsJson } from '../../src/otlp/json/logs.ts';
import { readMetricsJson } from '../../src/otlp/json/metrics.ts';
import { readTracesJson } from '../../src/otlp/json/traces.ts';
import { readLogs } from '../../src/otlp/protobuf/logs.ts';
import { readMetrics } from '../../src/otlp/protobuf/metrics.ts';
import { readTraces } from '../../src/otlp/protobuf/traces.ts';
import { encode } from '../support/protobuf.ts';
import { cases } from '../support/requests.ts';

const readers = {
  traces: { protobuf: readTraces, json: readTracesJson },
  metrics: { protobuf: readMetrics, json: readMetricsJson },
  logs: { protobuf: readLogs, json: readLogsJson },
};

for (const { signal, type, json, stored, accepted } of cases) {
  suite(`decoding ${signal}`, () => {
    test('protobuf becomes records', () => {
      const received = readers[signal].protobuf(encode(type, json));
      assert.deepEqual(received.batches, stored);
      assert.equal(received.accepted, accepted);
      assert.deepEqual(received.refused, new Map());
    });

    test('JSON becomes the same records', () => {
      const received = readers[signal].json(JSON.parse(JSON.stringify(json)));
      assert.deepEqual(received.batches, stored);
      assert.equal(received.accepted, accepted);
    });

    test('an empty request is nothing', () => {
      for (const received of [readers[signal].protobuf(Buffer.alloc(0)), readers[signal].json({})]) {
        assert.deepEqual(received.batches, []);
        assert.equal(received.accepted, 0);
      }
    });

    test('fields of any order and unknown ones change nothing', () => {
      const reversed = encode(type, reverseFields(json));
      // Field 1000 of every wire type: a varint, 64 bits, bytes, a group with a field, 32 bits.
      const unknown = Buffer.from(
        'c03e7f c13e0102030405060708 c23e03616263 c33e0801c43e c53e01020304'.replaceAll(' ', ''),
        'hex',
      );
      const received = readers[signal].protobuf(Buffer.concat([unknown, reversed, unknown]));
      assert.equal(received.accepted, accepted);
      assert.deepEqual(received.batches, stored);
    });

    test('every cut makes an error or less, never a crash', () => {
      const bytes = encode(type, json);
      let errors = 0;
      for (let length = 0; length < bytes.length; length++) {
        try {
          readers[signal].protobuf(bytes.subarray(0, length));
        } catch (error) {
          assert.ok(error instanceof Error);
          errors++;
        }
      }
      assert.ok(errors > bytes.length * 0.9, `${errors} of ${bytes.length}`);
    });
  });
}

/** The same message with the fields of every message the other way round; lists stay as they are. */
function reverseFields(value: object): object {
  if (Array.isArray(value))
    return value.map((element) => (typeof element === 'object' ? reverseFields(element) : element));
  const entries = Object.entries(value).map(([name, field]) => [
    name,
    typeof field === 'object' ? reverseFields(field) : field,
  ]);
  return Object.fromEntries(entries.reverse());
}
