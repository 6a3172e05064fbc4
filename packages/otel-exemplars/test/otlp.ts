// The metrics of OTLP, written down from the specification for these tests alone, and decoded by @bufbuild/protobuf.
// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto
import { create, createFileRegistry, type DescMessage, fromBinary, toJson } from '@bufbuild/protobuf';
import {
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';

const MESSAGES: Record<string, Record<string, [number: number, type: keyof typeof SCALARS | (string & {})]>> = {
  Request: { resourceMetrics: [1, 'ResourceMetrics[]'] },
  ResourceMetrics: { resource: [1, 'Resource'], scopeMetrics: [2, 'ScopeMetrics[]'], schemaUrl: [3, 'string'] },
  Resource: { attributes: [1, 'KeyValue[]'], droppedAttributesCount: [2, 'uint32'] },
  ScopeMetrics: { scope: [1, 'Scope'], metrics: [2, 'Metric[]'], schemaUrl: [3, 'string'] },
  Scope: { name: [1, 'string'], version: [2, 'string'], attributes: [3, 'KeyValue[]'] },
  Metric: {
    name: [1, 'string'],
    description: [2, 'string'],
    unit: [3, 'string'],
    gauge: [5, 'Data'],
    sum: [7, 'Data'],
    histogram: [9, 'Histogram'],
    exponentialHistogram: [10, 'ExponentialHistogram'],
  },
  Data: { dataPoints: [1, 'NumberDataPoint[]'], temporality: [2, 'uint32'], isMonotonic: [3, 'bool'] },
  Histogram: { dataPoints: [1, 'HistogramDataPoint[]'], temporality: [2, 'uint32'] },
  ExponentialHistogram: { dataPoints: [1, 'ExponentialDataPoint[]'], temporality: [2, 'uint32'] },
  NumberDataPoint: {
    attributes: [7, 'KeyValue[]'],
    startTime: [2, 'fixed64'],
    time: [3, 'fixed64'],
    asDouble: [4, 'double'],
    asInt: [6, 'sfixed64'],
    exemplars: [5, 'Exemplar[]'],
  },
  HistogramDataPoint: {
    attributes: [9, 'KeyValue[]'],
    startTime: [2, 'fixed64'],
    time: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    bucketCounts: [6, 'fixed64[]'],
    explicitBounds: [7, 'double[]'],
    exemplars: [8, 'Exemplar[]'],
    min: [11, 'double'],
    max: [12, 'double'],
  },
  ExponentialDataPoint: {
    attributes: [1, 'KeyValue[]'],
    startTime: [2, 'fixed64'],
    time: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    scale: [6, 'sint32'],
    zeroCount: [7, 'fixed64'],
    positive: [8, 'Buckets'],
    negative: [9, 'Buckets'],
    exemplars: [11, 'Exemplar[]'],
    min: [12, 'double'],
    max: [13, 'double'],
  },
  Buckets: { offset: [1, 'sint32'], bucketCounts: [2, 'uint64[]'] },
  Exemplar: {
    filteredAttributes: [7, 'KeyValue[]'],
    time: [2, 'fixed64'],
    asDouble: [3, 'double'],
    asInt: [6, 'sfixed64'],
    spanId: [4, 'bytes'],
    traceId: [5, 'bytes'],
  },
  KeyValue: { key: [1, 'string'], value: [2, 'AnyValue'] },
  AnyValue: {
    stringValue: [1, 'string'],
    boolValue: [2, 'bool'],
    intValue: [3, 'int64'],
    doubleValue: [4, 'double'],
    arrayValue: [5, 'ArrayValue'],
  },
  ArrayValue: { values: [1, 'AnyValue[]'] },
};

const SCALARS = {
  string: Type.STRING,
  bytes: Type.BYTES,
  bool: Type.BOOL,
  double: Type.DOUBLE,
  uint32: Type.UINT32,
  sint32: Type.SINT32,
  int64: Type.INT64,
  uint64: Type.UINT64,
  fixed64: Type.FIXED64,
  sfixed64: Type.SFIXED64,
};

const registry = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: [
      {
        name: 'otlp.proto',
        syntax: 'proto2', // which tells a field that is not there from one that is zero
        messageType: Object.entries(MESSAGES).map(([name, fields]) => ({
          name,
          field: Object.entries(fields).map(([field, [number, written]]) => {
            const type = written.replace('[]', '');
            const scalar = SCALARS[type as keyof typeof SCALARS];
            return {
              name: field,
              jsonName: field,
              number,
              label: written.endsWith('[]') ? Label.REPEATED : Label.OPTIONAL,
              type: scalar ?? Type.MESSAGE,
              ...(scalar ? {} : { typeName: `.${type}` }),
            };
          }),
        })),
      },
    ],
  }),
);

export interface DecodedExemplar {
  asDouble?: number;
  asInt?: string;
  timeMs: number;
  traceId: string;
  spanId: string;
  attributes: Record<string, unknown>;
}

export interface DecodedPoint {
  attributes: Record<string, unknown>;
  exemplars: DecodedExemplar[];
  timeMs: number;
  count?: string;
  bucketCounts?: string[];
  explicitBounds?: number[];
}

export interface DecodedMetric {
  name: string;
  type: (typeof TYPES)[number];
  temporality: number;
  points: DecodedPoint[];
}

const TYPES = ['gauge', 'sum', 'histogram', 'exponentialHistogram'] as const;

/** The metrics of an ExportMetricsServiceRequest, of all resources and scopes. */
export function decodeMetrics(request: Uint8Array): DecodedMetric[] {
  const schema = registry.getMessage('Request') as DescMessage;
  const { resourceMetrics } = toJson(schema, fromBinary(schema, request), { registry, alwaysEmitImplicit: true }) as {
    resourceMetrics: Json[];
  };
  return each(resourceMetrics, 'scopeMetrics').flatMap((scope) => each([scope], 'metrics').map(metricOf));
}

type Json = Record<string, unknown>;

function each(parents: Json[], name: string): Json[] {
  return parents.flatMap((parent) => parent[name] as Json[]);
}

function metricOf(metric: Json): DecodedMetric {
  const type = TYPES.find((name) => name in metric) ?? 'gauge';
  const data = metric[type] as Json;
  return {
    name: String(metric.name),
    type,
    temporality: Number(data.temporality),
    points: each([data], 'dataPoints').map((point) => ({
      ...point,
      attributes: attributesOf(point.attributes),
      timeMs: milliseconds(point.time),
      exemplars: each([point], 'exemplars').map((exemplar) => ({
        ...('asDouble' in exemplar && { asDouble: Number(exemplar.asDouble) }),
        ...('asInt' in exemplar && { asInt: String(exemplar.asInt) }),
        timeMs: milliseconds(exemplar.time),
        traceId: hex(exemplar.traceId),
        spanId: hex(exemplar.spanId),
        attributes: attributesOf(exemplar.filteredAttributes),
      })),
    })),
  };
}

function attributesOf(keyValues: unknown): Record<string, unknown> {
  return Object.fromEntries((keyValues as Json[]).map(({ key, value }) => [key, plain(value as Json)]));
}

/** The one field of an AnyValue that is set. */
function plain(value: Json): unknown {
  if (value.arrayValue) return each([value.arrayValue as Json], 'values').map(plain);
  return 'intValue' in value ? Number(value.intValue) : Object.values(value)[0];
}

const milliseconds = (nanos: unknown) => Number(BigInt(String(nanos)) / 1_000_000n);
const hex = (base64: unknown) => Buffer.from(String(base64), 'base64').toString('hex');
