import type { Tally } from './tally.ts';

/** What prom-otel counts: its histogram, and the SDK's drops that it copies into /metrics. */
export function readPage(page: string): Pick<Tally, 'points' | 'droppedSpans'> {
  return {
    points: sumOf(page, /^http_server_request_duration_seconds_count\{.*\} (\d+)/gm),
    droppedSpans: sumOf(page, /^otel_sdk_processor_span_processed_total\{.*error_type=.*\} (\d+)/gm),
  };
}

function sumOf(page: string, sample: RegExp): number {
  return page.matchAll(sample).reduce((total, [, value]) => total + Number(value), 0);
}
