import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProtobufLogsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { Batch, type Telemetry, type WriteRecord } from '../src/batch.ts';
import { writeLogRecord } from '../src/encode-log-record.ts';
import { writeSpan } from '../src/encode-span.ts';
import { randomLogRecords, randomSpans, seeded } from './random-records.ts';

const SEEDS = Array.from({ length: 40 }, (_, i) => i + 1);

for (const capacity of [1, 1_000_000]) {
  test(`spans are encoded as the official serializer encodes them, buffer of ${capacity} bytes at first`, () => {
    for (const seed of SEEDS) {
      const spans = randomSpans(50, seeded(seed));
      assertSame(batchOf(spans, writeSpan, capacity), ProtobufTraceSerializer.serializeRequest(spans), seed);
    }
  });

  test(`log records are encoded as the official serializer encodes them, buffer of ${capacity} bytes at first`, () => {
    for (const seed of SEEDS) {
      const records = randomLogRecords(50, seeded(seed));
      assertSame(batchOf(records, writeLogRecord, capacity), ProtobufLogsSerializer.serializeRequest(records), seed);
    }
  });
}

test('a batch knows how many records it has, and about how many bytes', () => {
  const spans = randomSpans(20, seeded(1));
  const batch = batchOf(spans, writeSpan, 1_000);
  assert.equal(batch.count, spans.length);
  const besides = batch.request().length - batch.bytes;
  assert.ok(besides > 0 && besides < 2_000, `${besides} bytes of resources and scopes`);
});

function batchOf<T extends Telemetry>(records: T[], write: WriteRecord<T>, capacity: number): Batch<T> {
  const batch = new Batch(write, capacity);
  for (const record of records) batch.add(record);
  return batch;
}

function assertSame<T extends Telemetry>(batch: Batch<T>, official: Uint8Array | undefined, seed: number): void {
  assert.ok(official && official.length > 1_000, 'nothing to compare with');
  const request = batch.request();
  const at = request.findIndex((byte, i) => byte !== official[i]);
  const hex = (bytes: Uint8Array) => Buffer.from(bytes.subarray(Math.max(0, at - 20), at + 20)).toString('hex');
  assert.ok(at === -1, `seed ${seed}, byte ${at}:\n${hex(request)} is not\n${hex(official)}`);
  assert.equal(request.length, official.length, `seed ${seed}`);
}

test('ids that are none, in a link, leave the rest of the span as it is', () => {
  const [span] = randomSpans(1, seeded(7));
  assert.ok(span);
  const context = { traceId: 'abc', spanId: '', traceFlags: 0 };
  const odd = Object.create(span, { links: { value: [{ context }] } }) as typeof span;
  assert.deepEqual(
    batchOf([odd], writeSpan, 16).request(),
    Buffer.from(ProtobufTraceSerializer.serializeRequest([odd]) ?? []),
  );
});

test('a record that would make a batch too large is not added, unless it is the first', () => {
  const [first, second] = randomSpans(20, seeded(3));
  assert.ok(first && second);
  const batch = new Batch(writeSpan);
  assert.equal(batch.add(first, 1), true);
  const before = batch.request();
  assert.equal(batch.add(second, batch.bytes + 1), false);
  assert.deepEqual([batch.count, batch.request()], [1, before]);
  assert.equal(batch.add(second, 1_000_000), true);
  assert.deepEqual(batch.request(), Buffer.from(ProtobufTraceSerializer.serializeRequest([first, second]) ?? []));
});

test('an emptied batch keeps its buffers, but not those that one huge record has made', () => {
  const records = randomLogRecords(50, seeded(1));
  const batch = batchOf(records, writeLogRecord, 1_000);
  const { capacity } = batch;
  assert.ok(capacity >= batch.bytes);
  batch.clear();
  assert.deepEqual([batch.count, batch.bytes, batch.capacity], [0, 0, capacity]);
  const [record] = records;
  assert.ok(record);
  batch.add(Object.create(record, { body: { value: 'x'.repeat(9 * 1024 * 1024) } }) as typeof record);
  batch.clear();
  assert.equal(batch.capacity, 0);
});
