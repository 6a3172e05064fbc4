import { BinaryReader } from '@bufbuild/protobuf/wire';

/** What a collector has got from one service. Points and drops are cumulative: those of the latest export. */
export interface Tally {
  /** SERVER spans. */
  spans: number;
  /** Completion lines. */
  lines: number;
  /** Measurements in `http.server.request.duration`. */
  points: number;
  /** What the SDK itself says it dropped. */
  droppedSpans: number;
  droppedLines: number;
}

const SERVER = 2;

/** Counts what matters in OTLP exports, and decodes no more than that. */
export function createTally(): { tally: Tally; receive: (path: string, message: Uint8Array) => void } {
  const tally: Tally = { spans: 0, lines: 0, points: 0, droppedSpans: 0, droppedLines: 0 };
  return {
    tally,
    receive(path, message) {
      // Resource, scope and item are the same fields in each signal: resource_spans.scope_spans.spans and so on.
      const items = messagesAt(message, [1, 2, 2]);
      if (path.includes('.trace.'))
        tally.spans += items.filter((span) => numberAt(span, 6, (r) => r.int32()) === SERVER).length;
      else if (path.includes('.logs.')) tally.lines += items.filter(isCompletionLine).length;
      else Object.assign(tally, readMetrics(items));
    },
  };
}

function isCompletionLine(record: Uint8Array): boolean {
  return messagesAt(record, [5]).some((body) => textAt(body, 1) === 'request completed');
}

function readMetrics(metrics: Uint8Array[]): Partial<Tally> {
  const counts: Partial<Tally> = {};
  for (const metric of metrics) {
    const name = textAt(metric, 1);
    if (name === 'http.server.request.duration') {
      counts.points = sum(messagesAt(metric, [9, 1]).map((point) => numberAt(point, 4, (r) => r.fixed64())));
    }
    if (name === 'otel.sdk.processor.span.processed') counts.droppedSpans = droppedOf(metric);
    if (name === 'otel.sdk.processor.log.processed') counts.droppedLines = droppedOf(metric);
  }
  return counts;
}

/** What did not arrive: the points of a counter that carry an error.type, be it a full queue or a refused export. */
function droppedOf(counter: Uint8Array): number {
  const failed = messagesAt(counter, [7, 1]).filter((point) =>
    messagesAt(point, [7]).some((attribute) => textAt(attribute, 1) === 'error.type'),
  );
  // A point has one of the two: as_double or as_int.
  return sum(failed.map((point) => numberAt(point, 4, (r) => r.double()) + numberAt(point, 6, (r) => r.sfixed64())));
}

/** Calls `read` at each field of a message, and steps over those it does not take. */
function eachField(message: Uint8Array, read: (reader: BinaryReader, field: number) => boolean): void {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (!read(reader, field)) reader.skip(wireType);
  }
}

/** Every message (or string) that this path of field numbers leads to. */
function messagesAt(message: Uint8Array, [first, ...rest]: number[]): Uint8Array[] {
  const found: Uint8Array[] = [];
  eachField(message, (reader, field) => {
    if (field !== first) return false;
    const inner = reader.bytes();
    found.push(...(rest.length === 0 ? [inner] : messagesAt(inner, rest)));
    return true;
  });
  return found;
}

function textAt(message: Uint8Array, field: number): string {
  return Buffer.from(messagesAt(message, [field])[0] ?? []).toString();
}

/** The number in `field`, 0 when it is absent. */
function numberAt(message: Uint8Array, wanted: number, readNumber: (reader: BinaryReader) => unknown): number {
  let value = 0;
  eachField(message, (reader, field) => {
    if (field === wanted) value = Number(readNumber(reader));
    return field === wanted;
  });
  return value;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
