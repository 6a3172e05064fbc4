import type { DatabaseSync } from 'node:sqlite';
import { REQUEST_HISTOGRAM } from '../requests.ts';
import { rows } from '../sql.ts';
import { addSubject, type Check, noFindings } from './check.ts';
import { recentBuckets } from './recent-buckets.ts';
import { chosen } from './scope.ts';

/**
 * A dot is wanted wherever there is heat. Subjects are the buckets of the request histogram that were incremented in
 * the last two intervals, of every service, as soon as one gives exemplars. A scrape shows an exemplar of the interval
 * before, so it may be one interval older than the increment.
 */
export const exemplarCoverage: Check = {
  name: 'exemplar-coverage',
  title: 'every bucket that requests fell into in the last two intervals has an exemplar',
  minimum: 1,
  cause:
    'the service gives no exemplars, measures outside of the context of its request, or they are dropped on the way',
  fix: 'see whether the service exposes exemplars; let them pass: `send_exemplars`, `exemplar-storage`, limits per tenant',
  examine(db, scope) {
    const findings = noFindings();
    const series = rows<{ id: number; service: string; route: string | null; status: string | null }>(
      db,
      `SELECT series.id, service, labels ->> '$.http_route' AS route, labels ->> '$.http_response_status_code' AS status
       FROM series JOIN resources AS r ON r.id = resource_id
       WHERE metric = '${REQUEST_HISTOGRAM}' AND type = 'histogram' AND ${chosen('r.id')}
         AND EXISTS (SELECT 1 FROM exemplars JOIN series AS giving ON giving.id = series_id
                     WHERE giving.metric = '${REQUEST_HISTOGRAM}')`,
      scope.parameters,
    );
    const sampling = servicesThatSample(db);
    for (const { id, ...described } of series) {
      const recent = recentBuckets(db, id, scope);
      if (!recent) {
        addSubject(findings, 'too few points', () => described);
        continue;
      }
      const { bounds, incremented, untilUs, intervalUs } = recent;
      const oldest = untilUs - 3 * intervalUs;
      const covered = bucketsWithExemplar(db, id, bounds, { since: oldest, until: scope.until });
      const reason = sampling.has(described.service) ? 'requests are sampled' : undefined;
      const missing = reason ?? (oldest <= scope.evictedUntil ? 'evicted' : 'failed');
      for (const bucket of incremented) {
        addSubject(findings, covered.has(bucket) ? 'held' : missing, () => ({
          ...described,
          le: bounds[bucket] ?? '+Inf',
          timeUs: untilUs,
          missing: 'exemplar',
        }));
      }
    }
    return findings;
  },
};

/** A bucket into which only unsampled requests fell has no exemplar, and rightly so. */
function servicesThatSample(db: DatabaseSync): Set<string> {
  const found = rows<{ service: string }>(db, "SELECT DISTINCT service FROM request_totals WHERE signal = 'unsampled'");
  return new Set(found.map(({ service }) => service));
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
