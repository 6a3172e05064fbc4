import { type DataPoint, emptyPoint } from '../metric.ts';
import { readAttribute } from './common.ts';
import type { MessageReader } from './message-reader.ts';

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
