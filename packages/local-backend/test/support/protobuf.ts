import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

// The fields of OTLP 1.x, written down a second time from the .proto files: `[number, type]`, `*` for repeated ones.
// Types are those of protobuf, `id` for bytes that JSON gives as hex, and names of messages.

const value = {
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'int64'],
  doubleValue: [4, 'double'],
};
const point = {
  attributes: [7, 'KeyValue*'],
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  flags: [8, 'uint32'],
};

const messages: Record<string, Record<string, [number, string]>> = table({
  Traces: { resourceSpans: [1, 'ResourceSpans*'] },
  ResourceSpans: { resource: [1, 'Resource'], scopeSpans: [2, 'ScopeSpans*'], schemaUrl: [3, 'string'] },
  ScopeSpans: { scope: [1, 'Scope'], spans: [2, 'Span*'] },
  Span: {
    traceId: [1, 'id'],
    spanId: [2, 'id'],
    traceState: [3, 'string'],
    parentSpanId: [4, 'id'],
    name: [5, 'string'],
    kind: [6, 'int32'],
    startTimeUnixNano: [7, 'fixed64'],
    endTimeUnixNano: [8, 'fixed64'],
    attributes: [9, 'KeyValue*'],
    events: [11, 'Event*'],
    links: [13, 'Link*'],
    status: [15, 'Status'],
    flags: [16, 'fixed32'],
  },
  Event: { timeUnixNano: [1, 'fixed64'], name: [2, 'string'], attributes: [3, 'KeyValue*'] },
  Link: { traceId: [1, 'id'], spanId: [2, 'id'], attributes: [4, 'KeyValue*'] },
  Status: { message: [2, 'string'], code: [3, 'int32'] },
  Logs: { resourceLogs: [1, 'ResourceLogs*'] },
  ResourceLogs: { resource: [1, 'Resource'], scopeLogs: [2, 'ScopeLogs*'] },
  ScopeLogs: { scope: [1, 'Scope'], logRecords: [2, 'LogRecord*'] },
  LogRecord: {
    timeUnixNano: [1, 'fixed64'],
    severityNumber: [2, 'int32'],
    severityText: [3, 'string'],
    body: [5, 'AnyValue'],
    attributes: [6, 'KeyValue*'],
    flags: [8, 'fixed32'],
    traceId: [9, 'id'],
    spanId: [10, 'id'],
    observedTimeUnixNano: [11, 'fixed64'],
    eventName: [12, 'string'],
  },
  Metrics: { resourceMetrics: [1, 'ResourceMetrics*'] },
  ResourceMetrics: { resource: [1, 'Resource'], scopeMetrics: [2, 'ScopeMetrics*'] },
  ScopeMetrics: { scope: [1, 'Scope'], metrics: [2, 'Metric*'] },
  Metric: {
    name: [1, 'string'],
    description: [2, 'string'],
    unit: [3, 'string'],
    gauge: [5, 'Sum'],
    sum: [7, 'Sum'],
    histogram: [9, 'Histogram'],
    exponentialHistogram: [10, 'ExponentialHistogram'],
    summary: [11, 'Summary'],
  },
  Sum: { dataPoints: [1, 'NumberDataPoint*'], aggregationTemporality: [2, 'int32'], isMonotonic: [3, 'bool'] },
  Histogram: { dataPoints: [1, 'HistogramDataPoint*'], aggregationTemporality: [2, 'int32'] },
  ExponentialHistogram: { dataPoints: [1, 'ExponentialDataPoint*'], aggregationTemporality: [2, 'int32'] },
  Summary: { dataPoints: [1, 'SummaryDataPoint*'] },
  NumberDataPoint: { ...point, asDouble: [4, 'double'], exemplars: [5, 'Exemplar*'], asInt: [6, 'sfixed64'] },
  HistogramDataPoint: {
    ...point,
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    bucketCounts: [6, 'fixed64*'],
    explicitBounds: [7, 'double*'],
    exemplars: [8, 'Exemplar*'],
    attributes: [9, 'KeyValue*'],
    flags: [10, 'uint32'],
  },
  ExponentialDataPoint: {
    attributes: [1, 'KeyValue*'],
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    scale: [6, 'sint32'],
    zeroCount: [7, 'fixed64'],
    positive: [8, 'Buckets'],
    negative: [9, 'Buckets'],
    flags: [10, 'uint32'],
    exemplars: [11, 'Exemplar*'],
    zeroThreshold: [14, 'double'],
  },
  Buckets: { offset: [1, 'sint32'], bucketCounts: [2, 'uint64*'] },
  SummaryDataPoint: { ...point, count: [4, 'fixed64'], sum: [5, 'double'], quantileValues: [6, 'Quantile*'] },
  Quantile: { quantile: [1, 'double'], value: [2, 'double'] },
  Exemplar: {
    timeUnixNano: [2, 'fixed64'],
    asDouble: [3, 'double'],
    spanId: [4, 'id'],
    traceId: [5, 'id'],
    asInt: [6, 'sfixed64'],
    filteredAttributes: [7, 'KeyValue*'],
  },
  Resource: { attributes: [1, 'KeyValue*'] },
  Scope: { name: [1, 'string'], version: [2, 'string'] },
  KeyValue: { key: [1, 'string'], value: [2, 'AnyValue'] },
  AnyValue: { ...value, arrayValue: [5, 'ArrayValue'], kvlistValue: [6, 'KeyValueList'], bytesValue: [7, 'base64'] },
  ArrayValue: { values: [1, 'AnyValue*'] },
  KeyValueList: { values: [1, 'KeyValue*'] },
});

function table(entries: unknown): Record<string, Record<string, [number, string]>> {
  return entries as Record<string, Record<string, [number, string]>>; // tuples that TypeScript sees as arrays
}

export type RequestType = 'Traces' | 'Metrics' | 'Logs';

/** The OTLP JSON request `json` in protobuf. Throws on fields that the table above does not have. */
export function encode(type: RequestType, json: object): Buffer {
  const writer = new BinaryWriter();
  writeMessage(writer, type, json);
  return Buffer.from(writer.finish());
}

function writeMessage(writer: BinaryWriter, type: string, json: object): void {
  for (const [name, field] of Object.entries(json)) {
    const [number, fieldType = ''] = messages[type]?.[name] ?? [];
    if (number === undefined) throw new Error(`${type} has no ${name}`);
    if (!fieldType.endsWith('*')) writeField(writer, number, fieldType, field);
    else if (scalars[fieldType.slice(0, -1)]) writePacked(writer, number, fieldType.slice(0, -1), field as unknown[]);
    else for (const element of field as unknown[]) writeField(writer, number, fieldType.slice(0, -1), element);
  }
}

type Scalar = [wireType: WireType, write: (writer: BinaryWriter, value: never) => void];

const scalars: Record<string, Scalar | undefined> = {
  string: [WireType.LengthDelimited, (writer, text: string) => writer.string(text)],
  id: [WireType.LengthDelimited, (writer, hex: string) => writer.bytes(Buffer.from(hex, 'hex'))],
  base64: [WireType.LengthDelimited, (writer, text: string) => writer.bytes(Buffer.from(text, 'base64'))],
  bool: [WireType.Varint, (writer, flag: boolean) => writer.bool(flag)],
  int32: [WireType.Varint, (writer, number: number) => writer.int32(number)],
  sint32: [WireType.Varint, (writer, number: number) => writer.sint32(number)],
  uint32: [WireType.Varint, (writer, number: number) => writer.uint32(number)],
  int64: [WireType.Varint, (writer, number: string) => writer.int64(number)],
  uint64: [WireType.Varint, (writer, number: string) => writer.uint64(number)],
  fixed32: [WireType.Bit32, (writer, number: number) => writer.fixed32(number)],
  fixed64: [WireType.Bit64, (writer, number: string) => writer.fixed64(number)],
  sfixed64: [WireType.Bit64, (writer, number: string) => writer.sfixed64(number)],
  double: [WireType.Bit64, (writer, number: number) => writer.double(Number(number))],
};

function writeField(writer: BinaryWriter, number: number, type: string, field: unknown): void {
  const scalar = scalars[type];
  writer.tag(number, scalar?.[0] ?? WireType.LengthDelimited);
  if (scalar !== undefined) {
    scalar[1](writer, field as never);
  } else {
    writer.fork();
    writeMessage(writer, type, field as object);
    writer.join();
  }
}

function writePacked(writer: BinaryWriter, number: number, type: string, fields: unknown[]): void {
  writer.tag(number, WireType.LengthDelimited).fork();
  for (const field of fields) scalars[type]?.[1](writer, field as never);
  writer.join();
}
