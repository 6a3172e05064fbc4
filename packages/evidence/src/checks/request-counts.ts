import { type RequestCount, requestCounts } from '../queries/request-counts.ts';
import { addSubject, type Check, noFindings, type Outcome } from './check.ts';

type Signal = 'sent' | 'spans' | 'histogram' | 'lines';

/** Numbers that do not agree make every rate, error share and alert of a dashboard a matter of which signal it reads. */
export const requestCountsAgree: Check = {
  name: 'request-counts',
  title: 'requests sent = SERVER spans = histogram count = completion lines, per service, method, route and status',
  minimum: 1,
  cause: 'one signal loses records (full queue, lost last interval at shutdown), or counts what the others do not',
  fix: "see which number differs: its exporter's drop counters, the order of shutdown, or what it counts as a request",
  // Counts are cumulative from process start, so the window does not apply: it would cut requests in half.
  examine(db, { services }) {
    const findings = noFindings();
    for (const count of requestCounts({ db })) {
      if (services && !services.includes(count.service ?? '')) continue;
      const { outcome, differs } = compare(count);
      addSubject(findings, outcome, () => ({ ...count, differs }));
    }
    return findings;
  },
};

/** Compares the numbers that the service has evidence for; it takes two to disagree. */
function compare(count: RequestCount): { outcome: Outcome; differs: Signal[] } {
  if (count.service === null) return { outcome: 'reached no known service', differs: [] };
  const { sent, peers, spans, histogram, lines, unsampled } = count;
  const arrived = { ...given('spans', spans, unsampled), ...given('histogram', histogram), ...given('lines', lines) };
  const all = { ...given('sent', sent, peers), ...arrived };
  if (Object.keys(all).length < 2) return { outcome: 'counted by one signal only', differs: [] };
  // Calls by peers that were not sampled left no CLIENT span, so up to that many may be missing in what was sent.
  const most = mostCommon(Object.values(arrived));
  if (all.sent !== undefined && all.sent < most && all.sent >= most - unsampled) all.sent = most;
  const differs = minority(all);
  return { outcome: differs.length > 0 ? 'failed' : 'held', differs };
}

function given(signal: Signal, number: number | null, more = 0): Partial<Record<Signal, number>> {
  return number === null ? {} : { [signal]: number + more };
}

/** The signals that differ from what most of the others say; all of them when there is no such majority. */
function minority(numbers: Partial<Record<Signal, number>>): Signal[] {
  const entries = Object.entries(numbers) as [Signal, number][]; // Object.entries forgets the keys' type.
  const values = entries.map(([, number]) => number);
  if (new Set(values).size === 1) return [];
  const most = mostCommon(values);
  const agreeing = values.filter((number) => number === most).length;
  return entries.filter(([, number]) => number !== most || agreeing * 2 <= values.length).map(([signal]) => signal);
}

function mostCommon(numbers: number[]): number {
  const times = (number: number) => numbers.filter((other) => other === number).length;
  return numbers.reduce((best, number) => (times(number) > times(best) ? number : best), numbers[0] ?? 0);
}
