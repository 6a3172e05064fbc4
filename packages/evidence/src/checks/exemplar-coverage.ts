import type { DatabaseSync } from 'node:sqlite';
import { type RequestCount, requestCounts } from '../queries/request-counts.ts';
import { REQUEST_HISTOGRAM } from '../requests.ts';
import { rows } from '../sql.ts';
import { addSubject, type Check, noFindings } from './check.ts';
import { recentBuckets } from './recent-buckets.ts';
import { chosen, type Scope, sending } from './scope.ts';

/**
 * A dot is wanted wherever there is heat. Subjects are the buckets of the request histogram that were incremented in
 * the last two intervals, of every service, as soon as one gives exemplars; a service with HTTP spans whose histogram
 * never arrived is one, too. A scrape shows an exemplar of the interval before, so it may be one interval older than the
 * increment.
 */
export const exemplarCoverage: Check = {
  name: 'exemplar-coverage',
  title: 'every bucket that requests fell into in the last two intervals has an exemplar',
  signals: ['traces', 'metrics', 'logs'],
  minimum: 1,
  cause:
    'the service gives no exemplars, measures outside of the context of its request, or they are dropped on the way',
  fix: 'see whether the service exposes exemplars; let them pass: `send_exemplars`, `exemplar-storage`, limits per tenant',
  examine(db, scope) {
    const findings = noFindings();
    if (!someExemplars(db, scope)) return findings;
    for (const service of servicesWithoutHistogram(db, scope)) {
      addSubject(findings, 'failed', () => ({ service, missing: REQUEST_HISTOGRAM }));
    }
    const series = rows<{ id: number; service: string; route: string | null; status: string | null }>(
      db,
      `SELECT series.id, service, labels ->> '$.http_route' AS route, labels ->> '$.http_response_status_code' AS status
       FROM series JOIN resources AS r ON r.id = resource_id
       WHERE metric = '${REQUEST_HISTOGRAM}' AND type = 'histogram' AND ${chosen('r.id')}`,
      scope.parameters,
    );
    let sampling: Map<string, string> | undefined;
    for (const { id, ...described } of series) {
      const recent = recentBuckets(db, id, scope);
      if (!recent) {
        addSubject(findings, 'too few points', () => described);
        continue;
      }
      const { bounds, incremented, untilUs, intervalUs } = recent;
      const oldest = untilUs - 3 * intervalUs;
      const covered = bucketsWithExemplar(db, id, bounds, { since: oldest, until: scope.until });
      for (const bucket of incremented) {
        if (covered.has(bucket)) {
          addSubject(findings, 'held', () => described);
          continue;
        }
        sampling ??= whySomeAreNotSampled(db); // reads all log lines
        const outcome = sampling.get(described.service) ?? (oldest <= scope.evictedUntil ? 'evicted' : 'failed');
        addSubject(findings, outcome, () => {
          return { ...described, le: bounds[bucket] ?? '+Inf', timeUs: untilUs, missing: 'exemplar' };
        });
      }
    }
    return findings;
  },
};

function someExemplars(db: DatabaseSync, { parameters }: Scope): boolean {
  const one = rows(
    db,
    `SELECT 1 FROM exemplars JOIN series ON series.id = series_id JOIN resources AS r ON r.id = resource_id
     WHERE metric = '${REQUEST_HISTOGRAM}' AND exemplars.time_us BETWEEN :since AND :until AND ${chosen('r.id')} LIMIT 1`,
    parameters,
  );
  return one.length > 0;
}

/** Those that have HTTP spans. */
function servicesWithoutHistogram(db: DatabaseSync, { parameters }: Scope): string[] {
  const found = rows<{ service: string }>(
    db,
    `SELECT service FROM request_totals WHERE signal = 'spans'
     EXCEPT SELECT service FROM request_totals WHERE signal = 'histogram'
     EXCEPT SELECT service FROM series JOIN resources AS r ON r.id = resource_id WHERE metric = '${REQUEST_HISTOGRAM}'
     INTERSECT SELECT service FROM resources AS r WHERE ${chosen('r.id')} AND ${sending('r.id')}`,
    parameters,
  );
  return found.map(({ service }) => service);
}

/** A bucket into which only unsampled requests fell has no exemplar, and rightly so. By service. */
function whySomeAreNotSampled(db: DatabaseSync): Map<string, string> {
  const unsampled = rows<{ service: string }>(
    db,
    `SELECT service FROM request_totals WHERE signal = 'unsampled'
     UNION SELECT service FROM logs JOIN resources AS r ON r.id = resource_id
     WHERE trace_id IS NOT NULL AND trace_flags & 1 = 0`,
  );
  const byService = Map.groupBy(requestCounts({ db }), ({ service }) => service ?? '');
  const untold = [...byService].filter(([, counts]) => mayBeSampled(counts));
  return new Map([
    ...untold.map(([service]): [string, string] => [
      service,
      'fewer spans than requests, and no completion lines that say which were sampled',
    ]),
    ...unsampled.map(({ service }): [string, string] => [service, 'requests are sampled']),
  ]);
}

function mayBeSampled(counts: RequestCount[]): boolean {
  const sum = (signal: 'spans' | 'histogram') => counts.reduce((total, count) => total + (count[signal] ?? 0), 0);
  return counts.every(({ spans, lines }) => spans !== null && lines === null) && sum('spans') < sum('histogram');
}

function bucketsWithExemplar(
  db: DatabaseSync,
  seriesId: number,
  bounds: number[],
  window: { since: number; until: number },
): Set<number> {
  const exemplars = rows<{ value: number }>(
    db,
    'SELECT value FROM exemplars WHERE series_id = :seriesId AND time_us BETWEEN :since AND :until',
    { seriesId, ...window },
  );
  return new Set(
    exemplars.map(({ value }) => {
      const bucket = bounds.findIndex((bound) => value <= bound);
      return bucket === -1 ? bounds.length : bucket;
    }),
  );
}
