import { type DataPoint, type Exemplar, type ExponentialBuckets, emptyPoint } from '../metric.ts';
import { readAttribute } from './common.ts';
import type { MessageReader } from './message-reader.ts';

/** Reads a NumberDataPoint. */
export function readNumberPoint(r: MessageReader): DataPoint {
  const end = r.message();
  const point = emptyPoint();
  while (r.more(end)) {
    switch (r.field()) {
      case 2:
        point.startUs = r.micros();
        break;
      case 3:
        point.timeUs = r.micros();
        break;
      case 4:
        point.value = r.double();
        break;
      case 5:
        point.exemplars.push(readExemplar(r));
        break;
      case 6:
        point.value = Number(r.integer());
        break;
      case 7:
        readAttribute(r, point.attributes);
        break;
      case 8:
        point.flags = r.varint();
        break;
      default:
        r.ignore();
    }
  }
  return point;
}

/** Reads a HistogramDataPoint. */
export function readHistogramPoint(r: MessageReader): DataPoint {
  const end = r.message();
  const point = emptyPoint();
  while (r.more(end)) {
    switch (r.field()) {
      case 2:
        point.startUs = r.micros();
        break;
      case 3:
        point.timeUs = r.micros();
        break;
      case 4:
        point.count = r.count();
        break;
      case 5:
        point.sum = r.double();
        break;
      case 6:
        r.counts(point.counts);
        break;
      case 7:
        r.doubles(point.bounds);
        break;
      case 8:
        point.exemplars.push(readExemplar(r));
        break;
      case 9:
        readAttribute(r, point.attributes);
        break;
      case 10:
        point.flags = r.varint();
        break;
      default:
        r.ignore();
    }
  }
  return point;
}

/** Reads an ExponentialHistogramDataPoint. */
export function readExponentialHistogramPoint(r: MessageReader): DataPoint {
  const end = r.message();
  const point = emptyPoint();
  while (r.more(end)) {
    switch (r.field()) {
      case 1:
        readAttribute(r, point.attributes);
        break;
      case 2:
        point.startUs = r.micros();
        break;
      case 3:
        point.timeUs = r.micros();
        break;
      case 4:
        point.count = r.count();
        break;
      case 5:
        point.sum = r.double();
        break;
      case 6:
        point.scale = r.sint32();
        break;
      case 7:
        point.zeroCount = r.count();
        break;
      case 8:
        readBuckets(r, point.positive);
        break;
      case 9:
        readBuckets(r, point.negative);
        break;
      case 10:
        point.flags = r.varint();
        break;
      case 11:
        point.exemplars.push(readExemplar(r));
        break;
      case 14:
        point.zeroThreshold = r.double();
        break;
      default:
        r.ignore();
    }
  }
  return point;
}

/** Reads a SummaryDataPoint. */
export function readSummaryPoint(r: MessageReader): DataPoint {
  const end = r.message();
  const point = emptyPoint();
  while (r.more(end)) {
    switch (r.field()) {
      case 2:
        point.startUs = r.micros();
        break;
      case 3:
        point.timeUs = r.micros();
        break;
      case 4:
        point.count = r.count();
        break;
      case 5:
        point.sum = r.double();
        break;
      case 6:
        point.quantiles.push(readQuantile(r));
        break;
      case 7:
        readAttribute(r, point.attributes);
        break;
      case 8:
        point.flags = r.varint();
        break;
      default:
        r.ignore();
    }
  }
  return point;
}

function readBuckets(r: MessageReader, buckets: ExponentialBuckets): void {
  const end = r.message();
  while (r.more(end)) {
    switch (r.field()) {
      case 1:
        buckets.offset = r.sint32();
        break;
      case 2:
        r.varints(buckets.counts);
        break;
      default:
        r.ignore();
    }
  }
}

function readQuantile(r: MessageReader): DataPoint['quantiles'][number] {
  const end = r.message();
  const result = { quantile: 0, value: 0 };
  while (r.more(end)) {
    switch (r.field()) {
      case 1:
        result.quantile = r.double();
        break;
      case 2:
        result.value = r.double();
        break;
      default:
        r.ignore();
    }
  }
  return result;
}

function readExemplar(r: MessageReader): Exemplar {
  const end = r.message();
  const exemplar: Exemplar = { timeUs: 0, value: 0 };
  while (r.more(end)) {
    switch (r.field()) {
      case 2:
        exemplar.timeUs = r.micros();
        break;
      case 3:
        exemplar.value = r.double();
        break;
      case 4: {
        const spanId = r.id();
        if (spanId !== undefined) exemplar.spanId = spanId;
        break;
      }
      case 5: {
        const traceId = r.id();
        if (traceId !== undefined) exemplar.traceId = traceId;
        break;
      }
      case 6:
        exemplar.value = Number(r.integer());
        break;
      default:
        r.ignore();
    }
  }
  return exemplar;
}
