import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROUTE } from './capacity.ts';
import { type Child, startChild } from './child.ts';
import type { LoadResult } from './load.ts';
import { readPage } from './metrics-page.ts';
import type { Tally } from './tally.ts';
import { type Server, startServer, type Variant } from './variants.ts';

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
  scenario: string;
  mayDrop: boolean;
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

/** What is missing although it must not be. A negative number is more than was answered. */
export function unaccounted({ mayDrop, missing, dropped }: Loss): Signals {
  if (!mayDrop) return missing;
  return {
    spans: missing.spans - dropped.spans,
    lines: missing.lines - dropped.lines,
    points: missing.points - dropped.points,
  };
}

const ANSWERED = /"msg":"request completed"/g;
const QUIET_MS = 1_500;

/** Runs one scenario against fresh processes and compares what was answered with what arrived, from start to exit. */
export async function measureLoss(variant: Variant, scenario: Scenario): Promise<Loss> {
  const { connections, seconds, rate, latencyMs = 0, stop } = scenario;
  const folder = await mkdtemp(join(tmpdir(), 'clew-bench-'));
  const stdout = openSync(join(folder, 'stdout'), 'w');
  const children: Child[] = [];
  try {
    const sink = await startChild(new URL('sink-process.ts', import.meta.url), {
      core: 1,
      args: ['count', String(latencyMs)],
    });
    children.push(sink);
    const loader = await startChild(new URL('load-process.ts', import.meta.url), { core: 1 });
    children.push(loader);
    const server = await startServer(variant, {
      sinkPort: await sink.ask<number>('port'),
      stdout,
      env: stop === 'under load' ? { DRAIN_DELAY: '1000' } : {},
    });
    children.push(server);

    const load = loader.ask<LoadResult>('load', {
      port: server.port,
      path: ROUTE,
      connections,
      seconds,
      ...(rate !== undefined && { rate }),
    });
    if (stop === 'under load') await delay((seconds * 1000) / 2);
    else await load;
    if (stop === 'after the queues') await arrived(sink, latencyMs);
    const page = await stopAndScrape(server);
    const result = await load;

    const tally = await sink.ask<Tally>('tally');
    const log = await readFile(join(folder, 'stdout'), 'utf8');
    return compare(variant, scenario, result, received(tally, page, log));
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    closeSync(stdout);
    await rm(folder, { recursive: true });
  }
}

/** Waits until nothing more arrives: then every queue is empty. */
async function arrived(sink: Child, latencyMs: number): Promise<void> {
  for (let last = -1; ; ) {
    const { spans, lines } = await sink.ask<Tally>('tally');
    if (spans + lines === last) return;
    last = spans + lines;
    await delay(latencyMs + QUIET_MS);
  }
}

/** Sends SIGTERM, and scrapes until the process is gone: its last page has everything. */
async function stopAndScrape(server: Server): Promise<string> {
  let ended = false;
  const end = server.stop('SIGTERM').then(() => {
    ended = true;
  });
  let page = '';
  while (server.metricsUrl && !ended) {
    page = await fetch(server.metricsUrl).then(
      (response) => response.text(),
      () => page,
    );
    await delay(100);
  }
  await end;
  return page;
}

/** What arrived, wherever each signal of this service goes. */
function received(tally: Tally, page: string, log: string): Tally {
  const lines = log.match(ANSWERED)?.length ?? 0;
  return page === '' ? tally : { ...tally, ...readPage(page), lines, droppedLines: 0 };
}

function compare({ name }: Variant, { name: scenario, mayDrop = false }: Scenario, load: LoadResult, got: Tally): Loss {
  const { answered, cut, unanswered } = load;
  const missing = { spans: answered - got.spans, lines: answered - got.lines, points: answered - got.points };
  const dropped = { spans: got.droppedSpans, lines: got.droppedLines, points: 0 };
  return { variant: name, scenario, mayDrop, answered, cut, unanswered, missing, dropped };
}
