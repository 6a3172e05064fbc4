import type { Batch } from '@clew/evidence';
import type { Client } from '../../http/client.ts';
import { StoreError, wrongStore } from '../../http/store-error.ts';
import { list, message, messages, nanosToUs, string, strings } from '../../json.ts';
import type { LogReader, Sink, Window } from '../reader.ts';
import { parseEntry } from './parse-entry.ts';

/** Loki's own limit is 5,000 (`max_entries_limit_per_query`); with that many the process took 20 MB more, and no less time. */
const PAGE = 2000;
const LEAST_PAGE = 20;

/** Reads the lines of a selector, oldest first, in pages; at most `mostLines`. */
export function createLokiReader(client: Client, selector: string, mostLines: number, sink: Sink): LogReader {
  return {
    async ping() {
      const answer = message(await client.get('/loki/api/v1/labels'));
      if (answer.status !== 'success') throw wrongStore(client);
    },
    close: () => client.close(),
    read: (window) => readLines(client, selector, window, mostLines, sink),
  };
}

/**
 * Pages by time: the next one begins at the last line's nanosecond, of which only the lines that were seen are left out,
 * because a page may end between two lines of the same time.
 */
async function readLines(
  client: Client,
  selector: string,
  window: Window,
  mostLines: number,
  sink: Sink,
): Promise<number> {
  const end = nanos(window.untilUs);
  let start = nanos(window.sinceUs);
  let size = PAGE;
  let seen = new Set<string>();
  for (let lines = 0; lines < mostLines; ) {
    // With those that were seen, so that a page of them is not taken for a moment with too many.
    const limit = Math.min(size, mostLines - lines + seen.size);
    let page: Line[];
    try {
      page = await readPage(client, selector, start, end, limit);
    } catch (error) {
      const smaller = smallerPage(error, limit);
      if (smaller === undefined) throw error;
      size = smaller;
      continue;
    }
    const fresh = page.filter((line) => line.nanos !== start || !seen.has(keyOf(line)));
    if (fresh.length > 0) sink.write(batches(fresh));
    lines += fresh.length;
    sink.progress(`log lines: ${lines}`);
    if (page.length < limit) return window.untilUs;

    const last = page.reduce((latest, line) => (BigInt(line.nanos) > BigInt(latest) ? line.nanos : latest), start);
    if (last === start && fresh.length === 0) {
      // A whole page of one nanosecond: larger pages are not to be had.
      sink.gap('logs', `lines of one nanosecond after the first ${limit}`);
      start = String(BigInt(start) + 1n);
      seen = new Set();
      continue;
    }
    const atLast = page.filter((line) => line.nanos === last).map(keyOf);
    seen = new Set(last === start ? [...seen, ...atLast] : atLast);
    start = last;
  }
  sink.gap('logs', `lines after the first ${mostLines} (--max-lines)`);
  return nanosToUs(start);
}

interface Line {
  nanos: string;
  line: string;
  labels: Record<string, string>;
  metadata: Record<string, string>;
}

async function readPage(client: Client, query: string, start: string, end: string, limit: number): Promise<Line[]> {
  const answer = message(
    await client.get(
      '/loki/api/v1/query_range',
      { query, start, end, limit, direction: 'forward' },
      // Without it, structured metadata comes merged into the labels, which is read as well.
      { headers: { 'x-loki-response-encoding-flags': 'categorize-labels' } },
    ),
  );
  const data = message(answer.data);
  if (data.resultType !== 'streams') throw wrongStore(client);
  return messages(data.result).flatMap((stream) => {
    const labels = strings(stream.stream);
    return list(stream.values).map((value) => {
      const [nanos, line, categories] = list(value);
      const metadata = strings(message(categories).structuredMetadata);
      return { nanos: string(nanos), line: string(line), labels, metadata };
    });
  });
}

/** The page to ask for instead: what the store allows, or half of one that was too large. */
function smallerPage(error: unknown, size: number): number | undefined {
  if (!(error instanceof StoreError)) return undefined;
  const allowed = Number(/max entries limit per query exceeded.*\(\d+ > (\d+)\)/.exec(error.message)?.[1]);
  if (allowed > 0 && allowed < size) return allowed;
  return error.tooLarge && size > LEAST_PAGE ? Math.floor(size / 2) : undefined;
}

/** One batch per resource of the page. */
function batches(lines: Line[]): Batch[] {
  const byResource = new Map<string, Required<Pick<Batch, 'resource' | 'logs'>>>();
  for (const { nanos, line, labels, metadata } of lines) {
    const { attributes, log } = parseEntry(nanos, line, labels, metadata);
    const key = JSON.stringify(attributes);
    const batch = byResource.get(key) ?? { resource: { attributes }, logs: [] };
    byResource.set(key, batch);
    batch.logs.push(log);
  }
  return [...byResource.values()];
}

function keyOf({ line, labels, metadata }: Line): string {
  return JSON.stringify([labels, metadata, line]);
}

function nanos(us: number): string {
  return `${us}000`;
}
