import { type DataPoint, type Exemplar, type ExponentialBuckets, emptyPoint } from '../metric.ts';
import {
  attributes,
  double,
  doubles,
  id,
  int32,
  integer,
  integers,
  type Message,
  message,
  messages,
  micros,
} from './values.ts';

/** Reads a data point of any type: the types share the names of the fields that they have in common. */
export function readPoint(json: Message): DataPoint {
  const value = numberOf(json);
  return {
    ...emptyPoint(),
    attributes: attributes(json.attributes, 'attributes'),
    startUs: micros(json.startTimeUnixNano, 'startTimeUnixNano'),
    timeUs: micros(json.timeUnixNano, 'timeUnixNano'),
    flags: integer(json.flags, 'flags'),
    exemplars: messages(json.exemplars, 'exemplars').map(readExemplar),
    count: integer(json.count, 'count'),
    bounds: doubles(json.explicitBounds, 'explicitBounds'),
    counts: integers(json.bucketCounts, 'bucketCounts'),
    scale: int32(json.scale, 'scale'),
    zeroCount: integer(json.zeroCount, 'zeroCount'),
    zeroThreshold: double(json.zeroThreshold, 'zeroThreshold'),
    positive: readBuckets(json.positive, 'positive'),
    negative: readBuckets(json.negative, 'negative'),
    quantiles: messages(json.quantileValues, 'quantileValues').map((entry) => ({
      quantile: double(entry.quantile, 'quantile'),
      value: double(entry.value, 'quantileValues.value'),
    })),
    ...(value !== undefined && { value }),
    ...(json.sum !== undefined && { sum: double(json.sum, 'sum') }),
  };
}

function readBuckets(json: unknown, field: string): ExponentialBuckets {
  const buckets = message(json, field);
  return { offset: int32(buckets.offset, 'offset'), counts: integers(buckets.bucketCounts, 'bucketCounts') };
}

function readExemplar(json: Message): Exemplar {
  const traceId = id(json.traceId, 'traceId');
  const spanId = id(json.spanId, 'spanId');
  return {
    timeUs: micros(json.timeUnixNano, 'timeUnixNano'),
    value: numberOf(json) ?? 0,
    filteredAttributes: attributes(json.filteredAttributes, 'filteredAttributes'),
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
  };
}

/** `asDouble` or `asInt`, of number points and exemplars. */
function numberOf(json: Message): number | undefined {
  if (json.asDouble !== undefined) return double(json.asDouble, 'asDouble');
  return json.asInt === undefined ? undefined : integer(json.asInt, 'asInt');
}
