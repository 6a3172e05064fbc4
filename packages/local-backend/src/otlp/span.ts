import type { SpanRecord } from '@clew/evidence';
import { type Received, tallyReason } from './received.ts';
import { storable } from './time.ts';

/** Takes a span into a batch unless the store cannot hold it; ids are taken as they came, checks look at them. */
export function acceptSpan(span: SpanRecord, spans: SpanRecord[], received: Received): void {
  const { startUs, durationUs, events } = span;
  if (!storable(startUs) || !storable(startUs + durationUs) || events?.some((event) => !storable(event.timeUs))) {
    tallyReason(received.refused, 'span with a time after the year 2255');
  } else {
    spans.push(span);
    received.accepted++;
  }
}
