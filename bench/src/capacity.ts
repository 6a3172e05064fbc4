import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from './child.ts';
import type { Load, LoadResult } from './load.ts';
import { type Figure, figure, paired } from './statistics.ts';
import { type Server, startServer, type Variant } from './variants.ts';

export const ROUTE = '/api/users/7';
const BURST: Omit<Load, 'port'> = { path: ROUTE, connections: 16, seconds: 60 };
const BURSTS_PER_ROUND = 6;

interface Requests {
  /** Before the first round: 20,000 are enough for V8 to have optimised what they run. */
  warmUp: number;
  /** In each burst. */
  requests: number;
}
const LONG: Requests = { warmUp: 20_000, requests: 500 };
const SHORT: Requests = { warmUp: 2_000, requests: 250 };

// Spans and lines wait up to a second for their batch: what their export costs belongs to the round that made them.
const SETTLE_MS = 1_300;
// As often as full-otel exports its metrics.
const SCRAPE_INTERVAL_MS = 15_000;

interface CapacityOptions {
  sessions: number;
  rounds: number;
  long: boolean;
  progress: (text: string) => void;
}

export interface Capacity {
  variant: string;
  /** CPU per request of the first variant divided by this one's: what is left of the requests that a core can serve. */
  left: Figure;
  cpuPerRequestUs: Figure;
  rssMb: number;
}

/**
 * CPU time per request in short bursts, compared with the first variant: each in turn, so that a busy neighbour hits all of them alike. A session
 * starts fresh processes; the median is that of the sessions' medians.
 */
export async function measureCapacity(
  variants: Variant[],
  { sessions, rounds, long, progress }: CapacityOptions,
): Promise<Capacity[]> {
  const measured: Session[] = [];
  for (let session = 1; session <= sessions; session += 1) {
    measured.push(
      await measureSession(variants, rounds, long ? LONG : SHORT, (text) =>
        progress(`capacity, session ${session}: ${text}`),
      ),
    );
  }
  return variants.map(({ name }) => {
    const cpu = measured.map((session) => session.get(name)?.cpuUs ?? []);
    const base = measured.map((session) => session.get(variants[0]?.name ?? '')?.cpuUs ?? []);
    const left = cpu.map((values, session) => paired(values, base[session] ?? [], (own, base) => base / own));
    return {
      variant: name,
      left: { ...figure(left.flat()), median: figure(left.map((values) => figure(values).median)).median },
      cpuPerRequestUs: figure(cpu.flat()),
      rssMb: Math.max(...measured.map((session) => session.get(name)?.rssMb ?? 0)),
    };
  });
}

/** By variant: CPU microseconds per request of each round. */
type Session = Map<string, { cpuUs: number[]; rssMb: number }>;

async function measureSession(
  variants: Variant[],
  rounds: number,
  { warmUp, requests }: Requests,
  progress: (text: string) => void,
): Promise<Session> {
  const sink = await startChild(new URL('sink-process.ts', import.meta.url), { core: 1 });
  const loader = await startChild(new URL('load-process.ts', import.meta.url), { core: 1 });
  const sinkPort = await sink.ask<number>('port');
  const servers: Server[] = [];
  const session: Session = new Map(variants.map(({ name }) => [name, { cpuUs: [], rssMb: 0 }]));
  try {
    // What a neighbour holds up is not refused: one 503 would end half an hour of measuring.
    const env = { MAX_EVENT_LOOP_DELAY: '60000' };
    for (const variant of variants) servers.push(await startServer(variant, { sinkPort, env }));
    progress('warming up');
    for (const { port } of servers) await loader.ask('load', { ...BURST, port, requests: warmUp });
    await delay(SETTLE_MS);

    let scraped = performance.now();
    for (let round = 0; round < rounds; round += 1) {
      const before = await Promise.all(servers.map(cpuUs));
      const answered = new Map<Server, number>();
      for (let burst = 0; burst < BURSTS_PER_ROUND; burst += 1) {
        for (const server of burst % 2 ? servers.toReversed() : servers) {
          const result = await loader.ask<LoadResult>('load', { ...BURST, port: server.port, requests });
          answered.set(server, (answered.get(server) ?? 0) + okOf(result));
        }
      }
      if (performance.now() - scraped > SCRAPE_INTERVAL_MS) {
        await Promise.all(servers.map(scrape));
        scraped = performance.now();
      }
      await delay(SETTLE_MS);
      for (const [index, server] of servers.entries()) {
        const spent = (await cpuUs(server)) - (before[index] ?? 0);
        const own = session.get(server.variant.name);
        own?.cpuUs.push(spent / (answered.get(server) ?? 0));
        if (own) own.rssMb = Math.max(own.rssMb, (await server.ask<number>('rss')) / 1e6);
      }
      progress(`round ${round + 1} of ${rounds}`);
    }
    return session;
  } finally {
    await Promise.all([...servers, sink, loader].map((child) => child.stop()));
  }
}

async function cpuUs(server: Server): Promise<number> {
  const { user, system } = await server.ask<NodeJS.CpuUsage>('cpu');
  return user + system;
}

async function scrape({ metricsUrl }: Server): Promise<void> {
  if (metricsUrl) await (await fetch(metricsUrl)).text();
}

function okOf({ sent, statuses }: LoadResult): number {
  const ok = statuses['200'] ?? 0;
  if (ok === sent) return ok;
  const hint = 'A 503 is the overload protection: something else keeps this machine busy.';
  throw new Error(`Of ${sent} requests ${ok} were answered with 200, ${JSON.stringify(statuses)}. ${hint}`);
}
