import {
  type Attributes,
  type AttributeValue,
  createContextKey,
  createTraceState,
  type HrTime,
  type Link,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type LogRecordProcessor, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { type ReadableSpan, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Spans that the SDK has made and ended: of two resources and several scopes, of every shape that the API allows. */
export function randomSpans(count: number, random: () => number): ReadableSpan[] {
  const spans: ReadableSpan[] = [];
  const collect: SpanProcessor = {
    onStart() {},
    onEnd: (span) => void spans.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracers = resources().flatMap((resource) => {
    const provider = new TracerProvider({ resource, spanProcessors: [collect] });
    return scopes.map((scope) => provider.getTracer(...scope));
  });
  for (let i = 0; i < count; i++) {
    const parent = random() < 0.5 ? trace.setSpanContext(ROOT_CONTEXT, spanContext(random)) : ROOT_CONTEXT;
    const span = pick(random, tracers).startSpan(
      text(random),
      {
        kind: pick(
          random,
          Object.values(SpanKind).filter((kind) => typeof kind === 'number'),
        ),
        attributes: attributes(random),
        links: Array.from({ length: random() < 0.3 ? 2 : 0 }, () => link(random)),
        startTime: time(random),
      },
      parent,
    );
    if (random() < 0.3) span.addEvent(text(random), attributes(random), time(random));
    if (random() < 0.3)
      span.setStatus({ code: SpanStatusCode.ERROR, ...(random() < 0.5 && { message: text(random) }) });
    else if (random() < 0.5) span.setStatus({ code: SpanStatusCode.OK });
    span.end(time(random));
  }
  return spans;
}

/** Log records as the SDK hands them to processors. */
export function randomLogRecords(count: number, random: () => number): ReadableLogRecord[] {
  const records: ReadableLogRecord[] = [];
  const collect: LogRecordProcessor = {
    onEmit: (record) => void records.push(record),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const loggers = resources().flatMap((resource) => {
    const provider = new LoggerProvider({ resource, processors: [collect] });
    return scopes.map((scope) => provider.getLogger(...scope));
  });
  for (let i = 0; i < count; i++) {
    pick(random, loggers).emit({
      timestamp: time(random),
      severityNumber: Math.floor(random() * 25),
      ...(random() < 0.7 && { severityText: text(random) }),
      ...(random() < 0.9 && { body: random() < 0.5 ? text(random) : nested(random, 3) }),
      ...(random() < 0.2 && { eventName: text(random) }),
      attributes: { ...attributes(random), nested: nested(random, 3) },
      context: random() < 0.5 ? trace.setSpanContext(ROOT_CONTEXT, spanContext(random)) : ROOT_CONTEXT.setValue(key, 1),
    });
  }
  return records;
}

const key = createContextKey('no span');
const scopes: [name: string, version?: string, options?: { schemaUrl: string }][] = [
  ['a'],
  ['b', '1.2.3'],
  ['c', '1', { schemaUrl: 'https://example.com/schema' }],
];

function resources() {
  return [
    resourceFromAttributes({ 'service.name': 'one', 'process.pid': 12, 'host.arch': ['a', 'b'] }),
    resourceFromAttributes({ 'service.name': 'zwei ü' }, { schemaUrl: 'https://example.com/resource' }),
  ];
}

function spanContext(random: () => number) {
  return {
    traceId: hex(random, 32),
    spanId: hex(random, 16),
    traceFlags: random() < 0.8 ? TraceFlags.SAMPLED : TraceFlags.NONE,
    ...(random() < 0.5 && { isRemote: random() < 0.5 }),
    ...(random() < 0.3 && { traceState: createTraceState('a=1,b=2') }),
  };
}

function link(random: () => number): Link {
  return { context: spanContext(random), ...(random() < 0.5 && { attributes: attributes(random) }) };
}

function attributes(random: () => number): Attributes {
  return Object.fromEntries(
    Array.from({ length: Math.floor(random() * 8) }, () => [text(random) || 'key', attributeValue(random)]),
  );
}

function attributeValue(random: () => number): AttributeValue {
  return pick<() => AttributeValue>(random, [
    () => text(random),
    () => number(random),
    () => random() < 0.5,
    () => [text(random), text(random)],
    () => [number(random), number(random)],
    () => [true, false],
    () => [],
  ])();
}

/** What bodies and attributes of log records may hold. */
function nested(random: () => number, depth: number): AttributeValue {
  if (depth === 0 || random() < 0.3) return attributeValue(random);
  return pick<() => unknown>(random, [
    () => ({ a: nested(random, depth - 1), [text(random)]: nested(random, depth - 1) }),
    () => [nested(random, depth - 1), nested(random, depth - 1)],
    () => Buffer.from(text(random)),
    () => null,
  ])() as AttributeValue;
}

/** Empty, short, as long as lengths of one, two and three bytes need, and beyond ASCII. */
function text(random: () => number): string {
  const length = pick(random, [0, 1, 12, 63, 64, 65, 126, 127, 128, 300, 20_000]);
  if (random() < 0.05) return 'ä€😀'.repeat(length / 2);
  if (random() < 0.05) return `${'x'.repeat(length)}\ud800`; // half a character
  return String.fromCharCode(97 + Math.floor(random() * 26)).repeat(random() < 0.9 ? Math.min(length, 128) : length);
}

function number(random: () => number): number {
  const [limit] = [pick(random, [1, 127, 128, 2 ** 14, 2 ** 31, 2 ** 32, 2 ** 33, 2 ** 53, 2 ** 62, 2 ** 64])];
  const whole = Math.floor(random() * limit) * (random() < 0.5 ? -1 : 1);
  return pick(random, [whole, limit, -limit, random() * limit, -0, Number.NaN, Number.POSITIVE_INFINITY]);
}

function time(random: () => number): HrTime {
  return [Math.floor(random() * 4_000_000_000), Math.floor(random() * 1e9)];
}

function hex(random: () => number, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}

function pick<T>(random: () => number, values: T[]): T {
  return values[Math.floor(random() * values.length)] as T; // never empty
}
