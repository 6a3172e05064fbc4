import type { DatabaseSync } from 'node:sqlite';
import { type RequestCount, requestCounts } from '../queries/request-counts.ts';
import { REQUEST_HISTOGRAM } from '../requests.ts';
import { rows } from '../sql.ts';
import { add, addSubject, type Check, noFindings, type Outcome } from './check.ts';

type Signal = 'sent' | 'spans' | 'histogram' | 'lines';
type Numbers = Partial<Record<Signal, number>>;

interface Comparison {
  outcome: Outcome;
  differs?: Signal[];
  /** Why its spans were not compared. */
  uncounted?: string;
}

const UNTOLD = 'fewer spans than the histogram counts, and no completion lines that say which were sampled';

/** Numbers that do not agree make every rate, error share and alert of a dashboard a matter of which signal it reads. */
export const requestCountsAgree: Check = {
  name: 'request-counts',
  title: 'requests sent = SERVER spans = histogram count = completion lines, per service, method, route and status',
  signals: ['traces', 'metrics', 'logs'],
  minimum: 1,
  cause:
    'one signal loses records (full queue, lost last interval at shutdown), or counts what the others do not; where only ' +
    '`sent` is lower, somebody else has sent requests, too (curl, a browser, k6); where all others are 0, the service ' +
    'sends nothing, or the tally calls it otherwise',
  fix:
    "see which number differs: its exporter's drop counters, the order of shutdown, or what it counts as a request; " +
    'let nobody else send, or give their counts too (--k6, --tally)',
  // Counts are cumulative from process start, so the window does not apply: it would cut requests in half.
  examine(db, { services, partialSpans }) {
    const findings = noFindings();
    const counts = requestCounts({ db }).filter(({ service }) => !services || services.includes(service ?? ''));
    const called = new Set(counts.filter(({ peers }) => peers > 0).map(({ service }) => service));
    for (const count of withSilentSignals(db, counts)) {
      const { outcome, differs, uncounted } = compare(count, called.has(count.service), partialSpans);
      addSubject(findings, outcome, () => ({ ...count, differs }));
      if (uncounted !== undefined && uncounted !== outcome) add(findings, uncounted, 1);
    }
    return findings;
  },
};

/**
 * A signal that a service with HTTP spans lacks, and another service has, did not arrive: it counts 0. So does every signal
 * of a service that is said to have been asked, and counts nothing.
 */
function withSilentSignals(db: DatabaseSync, counts: RequestCount[]): RequestCount[] {
  const spans = counts.some((count) => count.spans !== null) ? 0 : null;
  const histogram = counts.some((count) => count.histogram !== null) ? 0 : null;
  const lines = counts.some((count) => count.lines !== null) ? 0 : null;
  const unread = servicesWithUnreadHistogram(db);
  return counts.map((count) => {
    if (count.service === null) return count;
    const isUnread = unread.has(count.service);
    if (isSilent(count) && !isUnread) return { ...count, spans, histogram, lines };
    if (count.spans === null) return count;
    return { ...count, histogram: count.histogram ?? (isUnread ? null : histogram), lines: count.lines ?? lines };
  });
}

/** Of a service that has none of the signals; it has a row because somebody has sent something to it. */
function isSilent({ sent, spans, histogram, lines }: RequestCount): boolean {
  return sent !== null && spans === null && histogram === null && lines === null;
}

/** Of a native histogram only the series is known. */
function servicesWithUnreadHistogram(db: DatabaseSync): Set<string> {
  const found = rows<{ service: string }>(
    db,
    `SELECT DISTINCT service FROM series JOIN resources AS r ON r.id = resource_id
     WHERE metric = '${REQUEST_HISTOGRAM}' AND type <> 'histogram' AND last_point_id IS NOT NULL`,
  );
  return new Set(found.map(({ service }) => service));
}

/** Compares the numbers that there is evidence for; it takes two to disagree. */
function compare(count: RequestCount, called: boolean, partialSpans: string | undefined): Comparison {
  if (count.service === null) return { outcome: 'reached no known service' };
  const { sent, peers, spans, histogram, lines } = count;
  const arrived = { ...given('histogram', histogram), ...given('lines', lines) };
  if (partialSpans !== undefined)
    return compareWithLeast(arrived, { ...sentOf(sent, peers), ...given('spans', spans) }, partialSpans);
  if (lines === null && spans !== null && histogram !== null && spans < histogram) {
    const whole = called ? {} : sentOf(sent, peers);
    const least = called ? sentOf(sent, peers) : {};
    return compareWithLeast({ ...arrived, ...whole }, { ...least, spans }, UNTOLD);
  }

  const unsampled = unsampledOf(count);
  const all: Numbers = { ...sentOf(sent, peers), ...given('spans', spans, unsampled), ...arrived };
  if (Object.keys(all).length < 2) return { outcome: 'counted by one signal only' };
  // Calls by peers that were not sampled left no CLIENT span, so up to that many may be missing in what was sent.
  const { sent: known, ...others } = all;
  const most = mostCommon(Object.values(others));
  if (called && known !== undefined && known < most && known >= most - unsampled) all.sent = most;
  return compareAll(all);
}

/** Where spans are not all there, those that are, and calls that are known from them, are the least that was counted. */
function compareWithLeast(numbers: Numbers, least: Numbers, uncounted: string): Comparison {
  const floor = Math.max(0, ...Object.values(least));
  const below = entriesOf(numbers).filter(([, number]) => number < floor);
  if (below.length > 0) return { outcome: 'failed', differs: below.map(([signal]) => signal), uncounted };
  if (Object.keys(numbers).length < 2) return { outcome: uncounted };
  return { ...compareAll(numbers), uncounted };
}

function compareAll(numbers: Numbers): Comparison {
  const differs = minority(numbers);
  return { outcome: differs.length > 0 ? 'failed' : 'held', differs };
}

/** Requests that have no span. A line that has lost its flags looks like one of them, but has its span. */
function unsampledOf({ spans, lines, unsampled }: RequestCount): number {
  return spans === lines ? 0 : unsampled;
}

function sentOf(sent: number | null, peers: number): Numbers {
  return given('sent', sent, peers);
}

function given(signal: Signal, number: number | null, more = 0): Numbers {
  return number === null ? {} : { [signal]: number + more };
}

/** The signals that differ from what most of the others say; all of them when there is no such majority. */
function minority(numbers: Numbers): Signal[] {
  const values = Object.values(numbers);
  if (new Set(values).size === 1) return [];
  const most = mostCommon(values);
  const agreeing = values.filter((number) => number === most).length;
  return entriesOf(numbers)
    .filter(([, number]) => number !== most || agreeing * 2 <= values.length)
    .map(([signal]) => signal);
}

function entriesOf(numbers: Numbers): [Signal, number][] {
  return Object.entries(numbers) as [Signal, number][]; // Object.entries forgets the keys' type.
}

function mostCommon(numbers: number[]): number {
  const times = (number: number) => numbers.filter((other) => other === number).length;
  return numbers.reduce((best, number) => (times(number) > times(best) ? number : best), numbers[0] ?? 0);
}
