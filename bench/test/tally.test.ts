import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { createTally } from '../src/tally.ts';

const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const LOGS = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const METRICS = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
const SERVER = 2;
const CLIENT = 3;

test('counts SERVER spans and no others', () => {
  const { tally, receive } = createTally();
  receive(TRACES, request([span(SERVER), span(CLIENT), span(SERVER)]));
  receive(TRACES, request([span(SERVER)]));
  assert.equal(tally.spans, 3);
});

test('counts completion lines and no others', () => {
  const { tally, receive } = createTally();
  receive(LOGS, request([line('request completed'), line('server listening')]));
  assert.equal(tally.lines, 1);
});

test('takes points and drops from the latest export, because they are cumulative', () => {
  const { tally, receive } = createTally();
  receive(METRICS, request([histogram([3, 4])]));
  receive(METRICS, request([histogram([5, 6]), counter('span', [100, 7]), counter('log', [100, 8])]));
  assert.deepEqual(tally, { spans: 0, lines: 0, points: 11, droppedSpans: 7, droppedLines: 8 });
});

/** An export of one resource and one scope. */
function request(items: Uint8Array[]): Uint8Array {
  return message(1, message(2, ...items.map((item) => message(2, item))));
}

function span(kind: number): Uint8Array {
  return Buffer.concat([text(2, 'span id'), new BinaryWriter().tag(6, WireType.Varint).int32(kind).finish()]);
}

function line(body: string): Uint8Array {
  return message(5, text(1, body));
}

function histogram(counts: number[]): Uint8Array {
  const points = counts.map((count) => message(1, new BinaryWriter().tag(4, WireType.Bit64).fixed64(count).finish()));
  return Buffer.concat([text(1, 'http.server.request.duration'), message(9, ...points)]);
}

/** Two points: delivered, and dropped because the queue was full. */
function counter(signal: string, [delivered = 0, dropped = 0]: number[]): Uint8Array {
  const value = (count: number) => new BinaryWriter().tag(4, WireType.Bit64).double(count).finish();
  const attribute = message(7, text(1, 'error.type'), message(2, text(1, 'queue_full')));
  const points = [message(1, value(delivered)), message(1, attribute, value(dropped))];
  return Buffer.concat([text(1, `otel.sdk.processor.${signal}.processed`), message(7, ...points)]);
}

function message(field: number, ...parts: Uint8Array[]): Uint8Array {
  return new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(Buffer.concat(parts)).finish();
}

function text(field: number, value: string): Uint8Array {
  return new BinaryWriter().tag(field, WireType.LengthDelimited).string(value).finish();
}
