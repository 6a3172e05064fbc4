import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { type AnyValue, diag } from '@opentelemetry/api';
import { loggingErrorHandler, setGlobalErrorHandler } from '@opentelemetry/core';
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { writeLogRecord } from '../src/encode-log-record.ts';
import { Queue } from '../src/queue.ts';
import type { BatchSettings } from '../src/settings.ts';
import { logRecords as logSignal } from '../src/signal.ts';
import { said } from './environment.ts';
import { FakeExporter } from './fake-exporter.ts';
import { logRecords } from './log-records.ts';
import { selfMetrics } from './self-metrics.ts';

const MIB = 1024 * 1024;
const logRecord = logRecords();

function setUp(settings: Partial<BatchSettings> = {}) {
  const exporter = new FakeExporter<ReadableLogRecord>();
  const queue = new Queue(
    logSignal,
    {
      maxQueueSize: 100,
      maxExportBatchSize: 10,
      scheduledDelayMillis: 60_000,
      exportTimeoutMillis: 2_000,
      ...settings,
    },
    writeLogRecord,
    exporter,
  );
  const metrics = selfMetrics();
  queue.countWith(metrics.meterProvider);
  const add = (...bodies: AnyValue[]) =>
    bodies.map((body) => {
      const record = logRecord(body);
      queue.add(record);
      return record;
    });
  return { queue, exporter, metrics, add };
}

/** `from` .. `to`, both too. */
function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Lets promises, timers that are due and their successors run until `condition` holds. */
async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !condition(); await setImmediate()) {
    assert.ok(Date.now() < end, 'This did not come about within 5 s.');
  }
}

function assertSent({ requests }: FakeExporter<ReadableLogRecord>, ...batches: ReadableLogRecord[][]): void {
  assert.deepEqual(
    requests.map(({ bytes }) => bytes.toString('hex')),
    batches.map((records) => Buffer.from(ProtobufLogsSerializer.serializeRequest(records) ?? []).toString('hex')),
  );
}

afterEach(() => {
  diag.disable();
  setGlobalErrorHandler(loggingErrorHandler());
});

test('a full batch is exported at once, and the rest after the delay', async () => {
  const { exporter, add } = setUp({ maxExportBatchSize: 3, scheduledDelayMillis: 20 });
  const records = add('a', 'b', 'c');
  await setImmediate();
  assertSent(exporter, records);
  const before = performance.now();
  const rest = add('d', 'e');
  assert.equal(exporter.requests.length, 1);
  await until(() => exporter.requests.length === 2);
  assert.ok(performance.now() - before >= 18, 'too early');
  assertSent(exporter, records, rest);
});

test('one export at a time: what comes meanwhile goes with the next', async () => {
  const { exporter, add, queue } = setUp({ maxExportBatchSize: 2, scheduledDelayMillis: 1 });
  exporter.answersAtOnce = false;
  const records = add(...range(1, 5));
  assert.equal(queue.size, 3, 'those that are being exported wait no more');
  await setImmediate();
  assert.equal(exporter.requests.length, 1);
  await exporter.answer();
  await until(() => exporter.requests.length === 2);
  assert.equal(exporter.unanswered.length, 1);
  await exporter.answer();
  await until(() => exporter.requests.length === 3);
  assertSent(exporter, records.slice(0, 2), records.slice(2, 4), records.slice(4));
});

test('buffers are used again without anything of what was in them', async () => {
  const { exporter, add, queue } = setUp({ maxExportBatchSize: 3 });
  const batches: ReadableLogRecord[][] = [];
  for (const text of ['long'.repeat(5_000), 's', 'middle'.repeat(500), 't']) {
    batches.push(add(text, text, text));
    await queue.flush();
  }
  const other = logRecord('of another scope', 'other'); // and none of the first
  queue.add(other);
  await queue.flush();
  assertSent(exporter, ...batches, [other]);
});

test('a record that finds the queue full is dropped, counted, and said once; again when there is room', async () => {
  const { exporter, add, queue, metrics } = setUp({ maxQueueSize: 4, maxExportBatchSize: 2 });
  exporter.answersAtOnce = false;
  const { warnings } = said();
  const kept = add(...range(1, 6));
  add(7, 8, 9);
  assert.deepEqual(warnings, ['The log queue is full: records are dropped.']);
  assert.deepEqual(await metrics.processed(), { queue_full: 3 });
  await exporter.answer();
  exporter.answersAtOnce = true;
  await until(() => exporter.requests.length === 3);
  assert.equal(warnings.length, 1);
  const after = add(10);
  assert.deepEqual(warnings.slice(1), ['The log queue was full: 3 records were dropped.']);
  await queue.flush();
  assert.equal(warnings.length, 2);
  assertSent(exporter, kept.slice(0, 2), kept.slice(2, 4), kept.slice(4), after);
  assert.deepEqual(await metrics.processed(), { queue_full: 3, ok: 7 });
});

test('what was dropped before a shutdown is said at the shutdown', async () => {
  const { exporter, add, queue } = setUp({ maxQueueSize: 1, maxExportBatchSize: 1 });
  exporter.answersAtOnce = false;
  const { warnings } = said();
  add('sent', 'waits', 'dropped');
  await exporter.answer();
  exporter.answersAtOnce = true;
  await queue.shutdown();
  assert.deepEqual(warnings.slice(1), ['The log queue was full: 1 records were dropped.']);
});

test('a diag logger whose lines come back as log records does not end in a circle', async () => {
  const { exporter, add, metrics, queue } = setUp({ maxQueueSize: 1, maxExportBatchSize: 1 });
  exporter.answersAtOnce = false;
  const { warnings } = said(() => add('a line of the log about the queue'));
  add('sent', 'waits', 'dropped');
  assert.equal(warnings.length, 1);
  assert.deepEqual(await metrics.processed(), { queue_full: 2 });
  await exporter.answer();
  exporter.answersAtOnce = true;
  await until(() => queue.size === 0);
  add('there is room again');
  assert.equal(warnings.length, 2);
});

test('a batch has at most 3.5 MiB: what does not fit begins the next one', async () => {
  const { exporter, add, queue } = setUp();
  const records = add(...Array.from({ length: 8 }, (_, i) => String(i).repeat(MIB)));
  await queue.flush();
  assertSent(exporter, records.slice(0, 3), records.slice(3, 6), records.slice(6));
  assert.ok(exporter.requests.every(({ bytes }) => bytes.length < 4 * MIB));
});

test('a record that is larger than that goes alone', async () => {
  const { exporter, add, queue } = setUp();
  const records = add('small', 'x'.repeat(5 * MIB), 'small again');
  await queue.flush();
  assertSent(exporter, ...records.map((record) => [record]));
});

test('a flush exports everything, at most 24 requests side by side', async () => {
  const { exporter, add, queue } = setUp({ maxExportBatchSize: 2 });
  exporter.answersAtOnce = false;
  add(...range(1, 61)); // 2 of them are on their way already
  let flushed = false;
  const flush = queue.flush().then(() => {
    flushed = true;
  });
  await setImmediate();
  assert.equal(exporter.unanswered.length, 1 + 24);
  for (let answered = 0; answered < 31; answered++) {
    assert.equal(flushed, false);
    await until(() => exporter.unanswered.length > 0);
    assert.ok(exporter.unanswered.length <= 1 + 24);
    await exporter.answer();
  }
  await flush;
  assert.deepEqual(
    exporter.counts.toSorted((a, b) => a - b),
    [1, ...Array.from({ length: 30 }, () => 2)],
  );
  assert.equal(queue.size, 0);
});

test('a shutdown gives up batches that wait as soon as one has failed, and counts them', async () => {
  const { exporter, add, queue, metrics } = setUp({ maxExportBatchSize: 1 });
  exporter.answersAtOnce = false;
  add(...range(1, 40)); // one on its way, 24 side by side, 15 wait
  const shutdown = queue.shutdown();
  await until(() => exporter.unanswered.length === 1 + 24);
  while (exporter.unanswered.length > 0) await exporter.answer(new RangeError('nobody there'));
  await assert.rejects(shutdown, RangeError);
  assert.equal(exporter.counts.length, 1 + 24);
  assert.deepEqual(await metrics.processed(), { RangeError: 40 });
  assert.equal(queue.size, 0);
});

test('a second flush, and a shutdown, wait for what the first has taken', async () => {
  const { exporter, add, queue } = setUp({ maxExportBatchSize: 1 });
  exporter.answersAtOnce = false;
  add(...range(1, 12));
  const order: string[] = [];
  const all = [
    queue.flush().then(() => order.push('first')),
    queue.flush().then(() => order.push('second')),
    queue.shutdown().then(() => order.push('shutdown')),
  ];
  for (let answered = 0; answered < 12; answered++) {
    await until(() => exporter.unanswered.length > 0);
    assert.deepEqual([order, exporter.isShutdown], [[], false]);
    await exporter.answer();
  }
  await Promise.all(all);
  assert.deepEqual(order, ['first', 'second', 'shutdown']);
  assert.equal(exporter.isShutdown, true);
});

test('a record that comes while a flush runs is exported by the next', async () => {
  const { exporter, add, queue } = setUp();
  exporter.answersAtOnce = false;
  const first = add('before');
  const flush = queue.flush();
  const second = add('meanwhile');
  await exporter.answer();
  await flush;
  assertSent(exporter, first);
  exporter.answersAtOnce = true;
  await queue.flush();
  assertSent(exporter, first, second);
});

test('a record that comes while a flush runs is exported after the delay', async () => {
  const { exporter, add, queue } = setUp({ scheduledDelayMillis: 1 });
  exporter.answersAtOnce = false;
  add('before');
  const flush = queue.flush();
  add('meanwhile');
  await until(() => exporter.requests.length === 2);
  await exporter.answer();
  await exporter.answer();
  await flush;
});

test('an export without an answer is counted as TimeoutError, and the next goes on', async () => {
  const { exporter, add, metrics } = setUp({ maxExportBatchSize: 1, exportTimeoutMillis: 10 });
  const errors: unknown[] = [];
  setGlobalErrorHandler((error) => errors.push(error));
  exporter.answersAtOnce = false;
  const records = add('lost', 'delivered');
  await until(() => exporter.requests.length === 2);
  await exporter.answer(); // of the first, too late: its buffers are the next one's by now
  await exporter.answer();
  await until(() => exporter.unanswered.length === 0);
  await setImmediate();
  assertSent(exporter, ...records.map((record) => [record]));
  assert.deepEqual(await metrics.processed(), { TimeoutError: 1, ok: 1 });
  assert.match(String(errors[0]), /No answer within 10 ms/);
});

test('an export that fails is counted by the name of its error, and said', async () => {
  const { exporter, add, metrics } = setUp({ maxExportBatchSize: 2 });
  const errors: unknown[] = [];
  setGlobalErrorHandler((error) => errors.push(error));
  exporter.answersAtOnce = false;
  add(1, 2, 3, 4);
  const refused = new TypeError('refused');
  await exporter.answer(refused);
  await until(() => exporter.unanswered.length === 1);
  await exporter.answer();
  await setImmediate();
  assert.deepEqual(await metrics.processed(), { TypeError: 2, ok: 2 });
  assert.deepEqual(errors, [refused]);
});

test('a flush delivers what it can, and rejects with the failure', async () => {
  const { exporter, add, queue, metrics } = setUp({ maxExportBatchSize: 1, maxQueueSize: 100 });
  exporter.answersAtOnce = false;
  add(0);
  await exporter.answer();
  await setImmediate();
  add(...range(1, 3));
  const flush = queue.flush();
  for (const failure of [undefined, new RangeError('no'), undefined]) {
    await exporter.answer(failure);
  }
  await assert.rejects(flush, RangeError);
  assert.deepEqual(await metrics.processed(), { ok: 3, RangeError: 1 });
});

test('what a collector refuses for now is tried again, with the same records', async () => {
  const { exporter, add, queue, metrics } = setUp();
  const { warnings } = said();
  exporter.answersAtOnce = false;
  const records = add('once');
  const flush = queue.flush();
  await exporter.answer(Object.assign(new Error('no connection'), { code: 14 }));
  exporter.answersAtOnce = true;
  add('another one in between');
  await flush;
  assertSent(exporter, records, records);
  assert.deepEqual(await metrics.processed(), { ok: 1 });
  assert.deepEqual(warnings, ['An export of log records failed and is tried again: Error: no connection']);
});

test('a shutdown ends the wait for another attempt, and is the last one', async () => {
  const { exporter, add, queue, metrics } = setUp({ maxExportBatchSize: 1 });
  setGlobalErrorHandler(() => {});
  const unavailable = () => Object.assign(new Error('no connection'), { code: 14 });
  exporter.answersAtOnce = false;
  add('lost');
  await exporter.answer(unavailable());
  await setImmediate();
  const before = performance.now();
  const shutdown = queue.shutdown();
  await until(() => exporter.unanswered.length === 1);
  await exporter.answer(unavailable());
  await shutdown;
  assert.ok(performance.now() - before < 700, 'the wait is 800 ms at least');
  assert.equal(exporter.requests.length, 2);
  assert.deepEqual(await metrics.processed(), { Error: 1 });
});

test('at a shutdown an attempt has the time of OTEL_EXPORTER_OTLP_TIMEOUT, and what it does not deliver in it is counted', async () => {
  const { exporter, add, queue, metrics } = setUp({ maxExportBatchSize: 1 });
  setGlobalErrorHandler(() => {});
  exporter.answersAtOnce = false;
  exporter.timeoutMillis = 20;
  add('slow');
  await delay(60); // before the shutdown there is no limit: another attempt beside this one could deliver twice
  await exporter.answer();
  add('under way', 'waits');
  await until(() => exporter.requests.length === 2);
  await assert.rejects(queue.shutdown(), /No answer within 20 ms/);
  assert.equal(exporter.requests.length, 3);
  assert.deepEqual(await metrics.processed(), { ok: 1, TimeoutError: 2 });
});

test('a shutdown delivers all, happens once, and what comes later is counted as already_shutdown', async () => {
  const { exporter, add, queue, metrics } = setUp();
  const records = add('a', 'b');
  const shutdown = queue.shutdown();
  assert.equal(queue.shutdown(), shutdown);
  add('late');
  await shutdown;
  assertSent(exporter, records);
  await queue.flush();
  assert.equal(exporter.requests.length, 1);
  assert.deepEqual(await metrics.processed(), { ok: 2, already_shutdown: 1 });
});

function throwing(error: unknown): AnyValue {
  return {
    before: 'this may already be in the buffer',
    get broken(): never {
      throw error;
    },
  };
}

const circle: Record<string, AnyValue> = {};
circle.again = circle;

for (const [what, body, errorType] of [
  ['a getter that throws', throwing(new TypeError('broken')), 'TypeError'],
  ['a getter that throws what is no error', throwing('text'), '_OTHER'],
  ['an object in a circle', circle, 'RangeError'],
] as const) {
  test(`${what} costs its record alone: it is counted and said, and the batch is as it was`, async () => {
    const { add, queue, exporter, metrics } = setUp();
    const { errors } = said();
    const [before] = add('before');
    add(body);
    const [after] = add('after');
    assert.equal(queue.size, 2);
    await queue.flush();
    assertSent(exporter, [before as ReadableLogRecord, after as ReadableLogRecord]);
    assert.deepEqual(await metrics.processed(), { [errorType]: 1, ok: 2 });
    assert.deepEqual(errors, ['A record for the log queue cannot be encoded, and is lost.']);
  });
}

test('a record that cannot be encoded, alone, is no reason for an export', async () => {
  const { add, exporter, queue } = setUp({ scheduledDelayMillis: 1, maxExportBatchSize: 1 });
  said();
  add(circle);
  await queue.flush();
  assert.equal(exporter.requests.length, 0);
});

test('a record that a getter emits while another is encoded is counted, and not written into its midst', async () => {
  const { add, queue, exporter, metrics } = setUp();
  const body = {
    get chatty(): string {
      add('from within');
      return 'value';
    },
  };
  add(body);
  await queue.flush();
  assert.deepEqual(await metrics.processed(), { emitted_while_encoding: 1, ok: 1 });
  assertSent(exporter, [logRecord({ chatty: 'value' })]);
});

test('values that OTLP has no form for are sent as empty ones, as the SDK does', async () => {
  const { add, queue, exporter } = setUp();
  const records = add({ big: 1n, none: null, call: () => 1, date: new Date(0) } as unknown as AnyValue);
  await queue.flush();
  assertSent(exporter, records);
});

test('an export waits for what is detected about the resource in the background', async () => {
  const { exporter, queue } = setUp();
  const { promise, resolve } = Promise.withResolvers<string>();
  const record = logRecords(resourceFromAttributes({ 'host.id': promise }))('early');
  queue.add(record);
  const flush = queue.flush();
  await setImmediate();
  assert.equal(exporter.requests.length, 0);
  resolve('detected');
  await flush;
  assertSent(exporter, [record]);
  assert.ok(exporter.requests[0]?.bytes.includes('detected'));
});

test('a detection that never ends holds up an export for its timeout, and nothing is sent later', async () => {
  const { exporter, queue, metrics } = setUp({ exportTimeoutMillis: 10 });
  const { promise, resolve } = Promise.withResolvers<string>();
  queue.add(logRecords(resourceFromAttributes({ 'host.id': promise }))('lost'));
  await assert.rejects(queue.flush(), { name: 'TimeoutError' });
  resolve('too late');
  await setImmediate();
  assert.equal(exporter.requests.length, 0);
  assert.deepEqual(await metrics.processed(), { TimeoutError: 1 });
});
