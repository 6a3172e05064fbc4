import { type DataPoint, type ExponentialBuckets, emptyPoint } from '../metric.ts';
import { readAttribute } from './common.ts';
import { readExemplar } from './exemplar.ts';
import type { MessageReader } from './message-reader.ts';

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
