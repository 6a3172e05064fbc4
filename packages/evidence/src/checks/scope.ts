import type { DatabaseSync } from 'node:sqlite';
import { type Parameters, row, rows } from '../sql.ts';
import { nowUs } from '../times.ts';

/** Which subjects a run of the checks looks at. */
export interface ScopeOptions {
  /**
   * Only what happened from then on, in microseconds since the epoch: of series those with a point or exemplar, of
   * resources those that sent anything. `request-counts` looks at all there is: it compares counts from process start.
   */
  since?: number;
  /** Only what happened until then: leaves out what is still on its way while services run. */
  until?: number;
  /** Only services of this `service.namespace`, with those of their resources that say none. */
  namespace?: string;
  /** Only services of these `service.name`s. */
  services?: string[];
  /** For how long the trace store keeps a trace, in microseconds; unknown by default. */
  retentionUs?: number;
  /**
   * A tail sampler drops traces after their exemplars and log lines are out: spans are not counted, and a log line may lead
   * to a trace that is not there. An exemplar may not: the sampler has to keep its trace (`exemplar.recorded`).
   */
  tailSampled?: boolean;
  /** Why the evidence does not have every span, if so: they are not counted then. */
  partialSpans?: string;
}

/** What every check is given; `parameters` has the names that its SQL may use. */
export interface Scope {
  since: number;
  until: number;
  /** What happened until then may have been evicted. */
  evictedUntil: number;
  /** Names of the services to look at; null for all. */
  services: string[] | null;
  /** Why spans are the least that there were, not all of them; undefined when they are all. */
  partialSpans: string | undefined;
  /**
   * `:since`, `:until`, `:windowed` (whether there is either), `:evictedUntil`, `:resources` (see `chosen`), `:keptSince`:
   * older traces are no longer stored, `:tailSampled`.
   */
  parameters: Parameters;
}

const TAIL_SAMPLED = 'tail sampling keeps a part of the spans';

/** A service's log lines or spans that are late by less may belong to a trace that ended at the watermark. */
const LATE_US = 1_000_000;

export function scopeOf(db: DatabaseSync, options: ScopeOptions): Scope {
  const {
    since = Number.MIN_SAFE_INTEGER,
    until = Number.MAX_SAFE_INTEGER,
    retentionUs,
    tailSampled = false,
  } = options;
  const evictedUntil = watermark(db);
  const chosen = chosenResources(db, options);
  const resources = chosen && JSON.stringify(chosen.map(({ id }) => id));
  const services = chosen && [...new Set([...chosen.map(({ service }) => service), ...silentServices(db, options)])];
  const keptSince = retentionUs === undefined ? null : Math.min(until, nowUs()) - retentionUs;
  const partialSpans = options.partialSpans ?? (tailSampled ? TAIL_SAMPLED : undefined);
  const windowed = options.since === undefined && options.until === undefined ? 0 : 1;
  const parameters = { since, until, windowed, evictedUntil, resources, keptSince, tailSampled: tailSampled ? 1 : 0 };
  return { since, until, evictedUntil, services, partialSpans, parameters };
}

/** A condition in SQL: the resource is one of those to look at. */
export function chosen(resourceId: string): string {
  return `(:resources IS NULL OR ${resourceId} IN (SELECT value FROM json_each(:resources)))`;
}

/** A condition in SQL: the series has a point or an exemplar in the window, if there is one. */
export function sampled(seriesId: string): string {
  return `(:windowed = 0
    OR EXISTS (SELECT 1 FROM points AS p WHERE p.series_id = ${seriesId} AND p.time_us BETWEEN :since AND :until)
    OR EXISTS (SELECT 1 FROM exemplars AS e WHERE e.series_id = ${seriesId} AND e.time_us BETWEEN :since AND :until))`;
}

/** A condition in SQL: the resource has sent something in the window, if there is one; that reads every span and line. */
export function sending(resourceId: string): string {
  return `(:windowed = 0 OR ${resourceId} IN (
    SELECT resource_id FROM spans WHERE start_us BETWEEN :since AND :until
    UNION SELECT resource_id FROM logs WHERE time_us BETWEEN :since AND :until
    UNION SELECT resource_id FROM series WHERE ${sampled('series.id')}))`;
}

function watermark(db: DatabaseSync): number {
  const { time } = row<{ time: number }>(db, 'SELECT evicted_until_us AS time FROM watermark');
  return time > 0 ? time + LATE_US : Number.MIN_SAFE_INTEGER;
}

/** Those that are asked for by name and have sent nothing: what others say of them is looked at. */
function silentServices(db: DatabaseSync, { services = [] }: ScopeOptions): string[] {
  const known = rows<{ service: string }>(db, 'SELECT DISTINCT service FROM resources').map(({ service }) => service);
  return services.filter((service) => !known.includes(service));
}

function chosenResources(db: DatabaseSync, { namespace, services }: ScopeOptions) {
  if (namespace === undefined && services === undefined) return null;
  return rows<{ id: number; service: string }>(
    db,
    `WITH named AS (
       SELECT id, service, ifnull(attributes ->> '$."service.namespace"', attributes ->> '$.service_namespace') AS namespace
       FROM resources)
     SELECT id, service FROM named
     WHERE (:services IS NULL OR service IN (SELECT value FROM json_each(:services)))
       AND (:namespace IS NULL OR namespace = :namespace
            OR (namespace IS NULL AND service IN (SELECT service FROM named WHERE namespace = :namespace)))`,
    { namespace, services: services && JSON.stringify(services) },
  );
}
