import type { Attributes } from '@opentelemetry/api';
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { type Exemplar, exemplarsOf } from './exemplar.ts';
import { contents, lengthDelimited, mapFields } from './protobuf.ts';

/**
 * The official OTLP serializer, with exemplars put into its output: so without exemplars its bytes are the official ones.
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto
 */
export const exemplarMetricsSerializer: typeof ProtobufMetricsSerializer = {
  serializeRequest(resourceMetrics) {
    const request = ProtobufMetricsSerializer.serializeRequest(resourceMetrics);
    return request && hasExemplars(resourceMetrics) ? insertExemplars(request, resourceMetrics) : request;
  },
  deserializeResponse: (response) => ProtobufMetricsSerializer.deserializeResponse(response),
};

function hasExemplars({ scopeMetrics }: ResourceMetrics): boolean {
  return scopeMetrics.some(({ metrics }) =>
    metrics.some(({ dataPoints }) => dataPoints.some((point) => exemplarsOf(point).length > 0)),
  );
}

// Where in the message data points stand; they stand in the order of the input.
const RESOURCE_METRICS = [1];
const SCOPE_METRICS = [2];
const METRICS = [2];
const DATA = [5, 7, 9, 10]; // gauge, sum, histogram, exponential histogram: each metric has one
const DATA_POINTS = [1];

const EXEMPLARS: Record<DataPointType, number> = {
  [DataPointType.GAUGE]: 5,
  [DataPointType.SUM]: 5,
  [DataPointType.HISTOGRAM]: 8,
  [DataPointType.EXPONENTIAL_HISTOGRAM]: 11,
};

function insertExemplars(request: Uint8Array, { scopeMetrics }: ResourceMetrics): Uint8Array {
  return mapFields(request, RESOURCE_METRICS, (resource) =>
    mapFields(resource, SCOPE_METRICS, (scope, s) =>
      mapFields(scope, METRICS, (metric, m) => {
        const data = scopeMetrics[s]?.metrics[m];
        return data ? insertIntoMetric(metric, data) : metric;
      }),
    ),
  );
}

function insertIntoMetric(metric: Uint8Array, { dataPoints, dataPointType }: MetricData): Uint8Array {
  return mapFields(metric, DATA, (data) =>
    mapFields(data, DATA_POINTS, (bytes, p) => {
      const point = dataPoints[p];
      if (!point) return bytes;
      const encoded = exemplarsOf(point).map((exemplar) => lengthDelimited(EXEMPLARS[dataPointType], encode(exemplar)));
      return Buffer.concat([bytes, ...encoded]);
    }),
  );
}

const SPAN_ID = 4;
const TRACE_ID = 5;
const FILTERED_ATTRIBUTES = 7;

/** The value is a double even where the metric has whole numbers: there are receivers that take an integer one for 0. */
function encode({ timestamp: [seconds, nanos], value, spanId, traceId, filteredAttributes }: Exemplar): Uint8Array {
  const timeAndValue = Buffer.alloc(18);
  timeAndValue.writeUInt8(0x11, 0); // time_unix_nano = 2, fixed64
  timeAndValue.writeBigUInt64LE(BigInt(seconds) * 1_000_000_000n + BigInt(nanos), 1);
  timeAndValue.writeUInt8(0x19, 9); // as_double = 3
  timeAndValue.writeDoubleLE(value, 10);
  return Buffer.concat([
    timeAndValue,
    ...(spanId ? [lengthDelimited(SPAN_ID, Buffer.from(spanId, 'hex'))] : []),
    ...(traceId ? [lengthDelimited(TRACE_ID, Buffer.from(traceId, 'hex'))] : []),
    ...encodeAttributes(filteredAttributes).map((keyValue) => lengthDelimited(FILTERED_ATTRIBUTES, keyValue)),
  ]);
}

/** The official encoding of attributes: a request with a resource that has these, and the resource taken out of it. */
function encodeAttributes(attributes: Attributes): Uint8Array[] {
  if (Object.keys(attributes).length === 0) return [];
  const resource = { attributes } as ResourceMetrics['resource']; // nothing else of it goes into the bytes
  const request = ProtobufMetricsSerializer.serializeRequest({ resource, scopeMetrics: [] }) ?? new Uint8Array();
  return contents(request, 1)
    .flatMap((resourceMetrics) => contents(resourceMetrics, 1))
    .flatMap((encoded) => contents(encoded, 1));
}
