import type { ExemplarRecord } from '@clew/evidence';
import { type Message, messages, secondsToUs, strings } from '../../json.ts';
import type { Window } from '../reader.ts';
import { boundOf, seriesLabels, withoutPart } from './metric-name.ts';

/** Exemplar labels that hold a trace id, as different producers spell them. */
const TRACE_ID = ['trace_id', 'traceID', 'traceId', 'TraceID'];
const SPAN_ID = ['span_id', 'spanID', 'spanId', 'SpanID'];

/** The exemplars of one series of `query_exemplars`, and how many of them name no trace. */
export function readExemplars(series: Message, { sinceUs, untilUs }: Window) {
  const all = strings(series.seriesLabels);
  const name = all.__name__ ?? '';
  const labels = seriesLabels(all);
  const bucket = name.endsWith('_bucket') && all.le !== undefined;
  const exemplars: ExemplarRecord[] = [];
  let withoutTrace = 0;
  for (const exemplar of messages(series.exemplars)) {
    const own = strings(exemplar.labels);
    const timeUs = secondsToUs(exemplar.timestamp);
    // A slice's edges are in it and in its neighbour; the end belongs to the neighbour.
    if (!(timeUs >= sinceUs && timeUs < untilUs)) continue;
    const traceId = takeFirst(own, TRACE_ID);
    const spanId = takeFirst(own, SPAN_ID) ?? '';
    if (traceId === undefined) {
      withoutTrace++;
      continue;
    }
    exemplars.push({
      metric: bucket ? withoutPart(name) : name,
      labels,
      value: Number(exemplar.value),
      timeUs,
      traceId,
      spanId,
      // What is left beside the ids.
      attributes: own,
      source: 'scrape',
      ...(bucket && { le: boundOf(all.le ?? '') }),
    });
  }
  return { labels, exemplars, withoutTrace };
}

/** Takes the first of these labels that is there out of them. */
function takeFirst(labels: Record<string, string>, names: string[]): string | undefined {
  const name = names.find((one) => labels[one] !== undefined);
  if (name === undefined) return undefined;
  const value = labels[name];
  delete labels[name];
  return value;
}
