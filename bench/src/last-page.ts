import { setTimeout as delay } from 'node:timers/promises';
import type { Tally } from './tally.ts';

const INTERVAL_MS = 100;

/** Scrapes `url` until `ended` settles, and resolves with the last page that was served: it has everything. */
export async function lastPage(url: string, ended: Promise<void>): Promise<string> {
  let page = '';
  let running = true;
  void ended.finally(() => {
    running = false;
  });
  while (running) {
    try {
      page = await (await fetch(url)).text();
    } catch {
      // Its listener is closed: the process is about to end.
    }
    await delay(INTERVAL_MS);
  }
  return page;
}

/** What prom-otel counts: its histogram, and the SDK's drops that it copies into /metrics. */
export function readPage(page: string): Pick<Tally, 'points' | 'droppedSpans'> {
  return {
    points: sumOf(page, /^http_server_request_duration_seconds_count\{.*?\} (\d+)/gm),
    droppedSpans: sumOf(page, /^otel_sdk_processor_span_processed_total\{.*?error_type=.*?\} (\d+)/gm),
  };
}

function sumOf(page: string, sample: RegExp): number {
  return [...page.matchAll(sample)].reduce((total, [, value]) => total + Number(value), 0);
}
