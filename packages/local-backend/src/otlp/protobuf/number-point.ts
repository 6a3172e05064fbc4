import { type DataPoint, emptyPoint } from '../metric.ts';
import { readAttribute } from './common.ts';
import { readExemplar } from './exemplar.ts';
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
