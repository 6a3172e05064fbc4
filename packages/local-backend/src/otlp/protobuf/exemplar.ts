import type { Exemplar } from '../metric.ts';
import { readAttribute } from './common.ts';
import type { MessageReader } from './message-reader.ts';

/** Reads one Exemplar. */
export function readExemplar(r: MessageReader): Exemplar {
  const end = r.message();
  const exemplar: Exemplar = { timeUs: 0, value: 0, filteredAttributes: {} };
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
      case 7:
        readAttribute(r, exemplar.filteredAttributes);
        break;
      default:
        r.ignore();
    }
  }
  return exemplar;
}
