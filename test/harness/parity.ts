import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Evidence, listSeries, type StoredSeries } from '../../packages/evidence/src/index.ts';
import { codesIn, tableUnder } from '../markdown.ts';

// What the two services send, side by side in Prometheus form: every difference is in docs/full-vs-hybrid.md, and every
// difference that is there exists.
export const DURATION = 'http_server_request_duration_seconds';
const FULL = 'full-otel';
const PROM = 'prom-otel';

export interface ParityOptions {
  /** Metrics that whoever stores the series makes; a trailing `*` stands for any ending. */
  metrics?: string[];
  /** Labels that it makes. */
  labels?: string[];
}

/** Both have the same metrics, but for those that are listed. */
export function assertSameMetrics(evidence: Evidence, { metrics = [] }: ParityOptions = {}): void {
  const [full, prom] = [FULL, PROM].map((service) => metricsOf(evidence, service));
  assertListed(missingIn(prom, full), documented('Metrics of full-otel alone', 'metric'), metrics);
  assertListed(missingIn(full, prom), documented('Metrics of prom-otel alone', 'metric'), metrics);
  assert.ok(full?.has(DURATION) && full.has('clew_http_server_rejected_total'));
}

/** The series of what both have differ in no label but those that are listed. */
export function assertSameLabels(evidence: Evidence, { labels: made = [] }: ParityOptions = {}): void {
  const prom = metricsOf(evidence, PROM);
  const common = [...metricsOf(evidence, FULL)].filter((name) => prom.has(name));
  const differing = new Set<string>();
  const listed = labelsThatDiffer();
  for (const metric of common) {
    const [full = [], prom = []] = [FULL, PROM].map((service) => labelSets(evidence, service, metric, made));
    const bare = (sets: Record<string, string>[]) => sets.map((set) => labelsAsText(set, listed)).sort();
    assert.deepEqual(bare(full), bare(prom), metric);
    const names = (sets: Record<string, string>[]) => new Set(sets.flatMap(Object.keys));
    for (const name of [...names(full), ...names(prom)]) {
      if (!names(full).has(name) || !names(prom).has(name)) differing.add(name);
    }
  }
  assert.ok(common.length > 5);
  const values = [...listed].filter((name) => name === 'service_name'); // there in both, with its own value
  assert.deepEqual([...differing, ...values].sort(), [...listed].sort(), 'a difference that does not exist');
}

/** Labels that docs/full-vs-hybrid.md says to differ. */
export function labelsThatDiffer(): Set<string> {
  return new Set(documented('Labels that differ', 'label'));
}

export function seriesOf(evidence: Evidence, service: string, metric: string): StoredSeries[] {
  return listSeries(evidence, { service, metric, limit: 10_000 });
}

/** The labels as text, sorted. */
export function labelsAsText(labels: Record<string, string>, without = new Set<string>()): string {
  return Object.entries(labels)
    .filter(([name]) => !without.has(name))
    .map((label) => label.join('='))
    .sort()
    .join(' ');
}

function labelSets(evidence: Evidence, service: string, metric: string, made: string[]): Record<string, string>[] {
  return seriesOf(evidence, service, metric).map(({ labels }) =>
    Object.fromEntries(Object.entries(labels).filter(([name]) => !made.includes(name))),
  );
}

function metricsOf(evidence: Evidence, service: string): Set<string> {
  return new Set(listSeries(evidence, { service, limit: 10_000 }).map(({ metric }) => metric));
}

function missingIn(some = new Set<string>(), others = new Set<string>()): string[] {
  return [...others].filter((name) => !some.has(name));
}

/** What stands in the column, where a trailing `*` stands for any ending. */
function documented(heading: string, column: string): string[] {
  const page = readFileSync(join(import.meta.dirname, '../../docs/full-vs-hybrid.md'), 'utf8');
  return tableUnder(page, heading).flatMap((row) => codesIn(row[column]));
}

function assertListed(found: string[], patterns: string[], allowed: string[]): void {
  const matches = (name: string, pattern: string) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
  const unlisted = found.filter((name) => ![...patterns, ...allowed].some((pattern) => matches(name, pattern)));
  const gone = patterns.filter((pattern) => !found.some((name) => matches(name, pattern)));
  assert.deepEqual({ unlisted, gone }, { unlisted: [], gone: [] });
}
