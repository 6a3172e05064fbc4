import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROUTE } from './capacity.ts';
import { type Child, startChild } from './child.ts';
import { lastPage, readPage } from './last-page.ts';
import type { LoadResult } from './load.ts';
import type { Tally } from './tally.ts';
import { startServer, type Variant } from './variants.ts';

export interface Scenario {
  name: string;
  connections: number;
  seconds: number;
  /** Requests a second in an open loop. Without it the connections are saturated. */
  rate?: number;
  /** What the collector takes to answer an export. */
  latencyMs?: number;
  /** When SIGTERM comes: in the midst of the load, or when the queues are empty again. Otherwise at once after it. */
  stop?: 'under load' | 'after the queues';
  /** More than an exporter can carry: here it has to say what it drops; elsewhere nothing may be missing. */
  mayDrop?: boolean;
}

export interface Loss {
  variant: string;
  scenario: Scenario;
  answered: number;
  /** Responses that broke off. */
  cut: number;
  /** Requests whose connection went before a first byte: they met a server that had stopped listening. */
  unanswered: number;
  /** Answered requests minus what arrived of each signal. More than was answered counts below zero. */
  missing: Signals;
  /** What the SDK's own counters say it dropped. */
  dropped: Signals;
}

export interface Signals {
  spans: number;
  lines: number;
  points: number;
}

const COMPLETION_LINE = /"msg":"request completed"/g;
const QUIET_MS = 1_500;
const DRAIN_DELAY_MS = 500;

/**
 * Runs one scenario against fresh processes and compares what was answered with what arrived of it, from the service's
 * first request to its exit. `sink` is the process that collects: a file that takes `count LATENCY_MS`.
 */
export async function measureLoss(
  variant: Variant,
  scenario: Scenario,
  sink = new URL('sink-process.ts', import.meta.url),
): Promise<Loss> {
  const { connections, seconds, rate, latencyMs = 0, stop } = scenario;
  const folder = await mkdtemp(join(tmpdir(), 'clew-bench-'));
  const stdout = openSync(join(folder, 'stdout'), 'w');
  const children: Child[] = [];
  const started = async <One extends Child>(child: Promise<One>): Promise<One> => {
    children.push(await child);
    return child;
  };
  try {
    const collector = await started(startChild(sink, { core: 1, args: ['count', String(latencyMs)] }));
    const loader = await started(startChild(new URL('load-process.ts', import.meta.url), { core: 1 }));
    const sinkPort = await collector.ask<number>('port');
    const env = {
      DRAIN_DELAY: String(stop === 'under load' ? DRAIN_DELAY_MS : 0),
      OTEL_LOG_LEVEL: 'NONE', // the SDK counts a warning that it drops like any other line
    };
    const server = await started(startServer(variant, { sinkPort, stdout, env }));

    const load = loader.ask<LoadResult>('load', { port: server.port, path: ROUTE, connections, seconds, rate });
    if (stop === 'under load') await delay((seconds * 1000) / 2);
    else await load;
    if (stop === 'after the queues') await nothingMoreArrives(collector, latencyMs);
    const ended = server.stop('SIGTERM');
    const page = server.metricsUrl ? await lastPage(server.metricsUrl, ended) : undefined;
    await ended;

    const received = await collector.ask<Tally>('tally');
    if (page !== undefined) {
      const log = await readFile(join(folder, 'stdout'), 'utf8');
      Object.assign(received, readPage(page), { lines: log.match(COMPLETION_LINE)?.length ?? 0 });
    }
    return compare(variant, scenario, await load, received);
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    closeSync(stdout);
    await rm(folder, { recursive: true });
  }
}

/** What is missing although it must not be. */
export function unaccounted({ scenario, missing, dropped }: Loss): Signals {
  if (!scenario.mayDrop) return missing;
  return {
    spans: missing.spans - dropped.spans,
    lines: missing.lines - dropped.lines,
    points: missing.points - dropped.points,
  };
}

/** Waits until every queue is empty. */
async function nothingMoreArrives(collector: Child, latencyMs: number): Promise<void> {
  for (let before = -1; ; await delay(latencyMs + QUIET_MS)) {
    const { spans, lines } = await collector.ask<Tally>('tally');
    if (spans + lines === before) return;
    before = spans + lines;
  }
}

function compare({ name }: Variant, scenario: Scenario, load: LoadResult, received: Tally): Loss {
  const { answered, cut, unanswered } = load;
  const { spans, lines, points, droppedSpans, droppedLines } = received;
  return {
    variant: name,
    scenario,
    answered,
    cut,
    unanswered,
    missing: { spans: answered - spans, lines: answered - lines, points: answered - points },
    dropped: { spans: droppedSpans, lines: droppedLines, points: 0 },
  };
}
