import type { DatabaseSync } from 'node:sqlite';
import type { Evidence } from '../open.ts';
import { REQUEST_HISTOGRAM, requestOfLabels } from '../requests.ts';
import { safeSum } from '../safe-integer.ts';
import { rows } from '../sql.ts';

/** How often one request was counted, by everyone who counts it. Null: the service has no such evidence at all. */
export interface RequestCount {
  /** Null for calls that reached no service we know of: a retry that never arrived, or a service without traces. */
  service: string | null;
  /** Of such calls: `server.address:server.port` of the CLIENT spans. */
  target: string | null;
  method: string;
  /** Null when nothing matched. */
  route: string | null;
  /** Null when the client went away before the answer. */
  status: number | null;
  /** By load generators, as they say. Null when none says it sends to this service. */
  sent: number | null;
  /** CLIENT spans of peers. */
  peers: number;
  /** SERVER spans. */
  spans: number | null;
  histogram: number | null;
  /** Completion lines. */
  lines: number | null;
  /** Completion lines that say their request was not sampled: these have no spans. */
  unsampled: number;
}

interface Count {
  service: string;
  target?: string | null;
  method: string;
  route: string;
  status: number;
  signal: Signal;
  /** Which way it came: the same records may come twice. */
  source: string;
  count: number;
}

type Signal = 'sent' | 'peers' | 'spans' | 'histogram' | 'lines' | 'unsampled';

/**
 * Per service, method, route and status: what was sent and what each signal says arrived, since the store was made.
 * Evicted records count; so does a histogram across restarts of its process.
 */
export function requestCounts({ db }: Pick<Evidence, 'db'>): RequestCount[] {
  const counts = [...tallies(db), ...peerCalls(db), ...totals(db), ...histograms(db)];
  const seen = counts.filter(({ count }) => count > 0);
  const requests = Map.groupBy(seen, ({ service, target, method, route, status }) =>
    [service, target, route, method, String(status).padStart(3, '0')].join('\n'),
  );
  const sources = sourcesByService(counts);
  return [...requests.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, ofRequest]) => requestCount(ofRequest, sources));
}

function requestCount(counts: Count[], sources: (service: string, signal: Signal) => Set<string>): RequestCount {
  const { service, target, method, route, status } = counts[0] as Count; // A group has at least one.
  const sum = (signal: Signal, source?: string) =>
    counts
      .filter((count) => count.signal === signal && (source === undefined || count.source === source))
      .reduce((total, { count }) => total + count, 0);
  // Where a signal comes both ways, each must have it all: the smaller count shows what one of them lost.
  const smallest = (signal: Signal) => {
    const found = [...sources(service, signal)].map((source) => sum(signal, source));
    return found.length > 0 ? Math.min(...found) : null;
  };
  return {
    service: service || null,
    target: target ?? null,
    method,
    route: route || null,
    status: status || null,
    sent: sources(service, 'sent').size > 0 ? sum('sent') : null,
    peers: sum('peers'),
    spans: smallest('spans'),
    histogram: smallest('histogram'),
    lines: smallest('lines'),
    unsampled: smallest('unsampled') ?? 0,
  };
}

function sourcesByService(counts: Count[]): (service: string, signal: Signal) => Set<string> {
  const found = new Map<string, Set<string>>();
  for (const { service, signal, source } of counts) {
    const name = `${service}\n${signal}`;
    found.set(name, (found.get(name) ?? new Set()).add(source));
  }
  return (service, signal) => found.get(`${service}\n${signal}`) ?? new Set();
}

function tallies(db: DatabaseSync): Count[] {
  return rows(db, `SELECT service, method, route, status, 'sent' AS signal, generator AS source, count FROM tallies`);
}

/** A generator that exports its own CLIENT spans has tallied these requests. */
function peerCalls(db: DatabaseSync): Count[] {
  return rows(
    db,
    `WITH counted AS (
       SELECT caller, ifnull(target, '') AS target, ifnull(service, '') AS service, method, ifnull(route, '') AS route,
         ifnull(status, 0) AS status, 1 AS count FROM calls
       UNION ALL SELECT caller, target, service, method, route, status, count FROM evicted_calls)
     SELECT service, CASE service WHEN '' THEN target END AS target, method, route, status, 'peers' AS signal,
       'otlp' AS source, sum(count) AS count
     FROM counted WHERE caller NOT IN (SELECT generator FROM tallies) GROUP BY 1, 2, 3, 4, 5`,
  );
}

function totals(db: DatabaseSync): Count[] {
  return rows(db, 'SELECT service, method, route, status, signal, source, count FROM request_totals');
}

function histograms(db: DatabaseSync): Count[] {
  const series = rows<{ service: string; labels: string; source: string; count: number }>(
    db,
    `SELECT service, labels, source, ${safeSum('count + count_before')} AS count
     FROM series JOIN resources ON resources.id = resource_id WHERE metric = :metric AND type = 'histogram'`,
    { metric: REQUEST_HISTOGRAM },
  );
  return series.map(({ labels, ...rest }) => ({
    ...rest,
    ...requestOfLabels(JSON.parse(labels)),
    signal: 'histogram' as const,
  }));
}
