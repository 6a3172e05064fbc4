import { setTimeout as delay } from 'node:timers/promises';
import { ROUTE } from './capacity.ts';
import { startChild } from './child.ts';
import { type Figure, figure, paired } from './statistics.ts';
import { BARE, type Server, startServer, type Variant } from './variants.ts';

const FEW_REQUESTS = 20;

export interface Start {
  variant: string;
  /** From spawning the process to its first 200 of /livez. */
  seconds: Figure;
  /** The same beyond what bare takes. */
  overBareSeconds: Figure;
  /** Resident memory after a few requests and then so many seconds without one. */
  idleRssMb: number;
  idleSeconds: number;
}

interface Options {
  repeats: number;
  idleSeconds: number;
  /** Whether all of them have been started before. */
  warm: boolean;
  progress: (text: string) => void;
}

/** Starts each variant in turn, `repeats` times; if they are not `warm`, after a time that fills the file cache. */
export async function measureStart(
  variants: Variant[],
  { repeats, idleSeconds, warm, progress }: Options,
): Promise<Start[]> {
  const sink = await startChild(new URL('sink-process.ts', import.meta.url), { core: 1 });
  const sinkPort = await sink.ask<number>('port');
  const seconds = new Map<string, number[]>(variants.map(({ name }) => [name, []]));
  const running = new Map<string, Server>();
  try {
    for (let repeat = warm ? 1 : 0; repeat <= repeats; repeat += 1) {
      progress(`start ${repeat} of ${repeats}`);
      for (const variant of repeat % 2 ? variants : variants.toReversed()) {
        await running.get(variant.name)?.stop();
        const begin = performance.now();
        const server = await startServer(variant, { sinkPort });
        await get(server, '/livez');
        if (repeat > 0) seconds.get(variant.name)?.push((performance.now() - begin) / 1000);
        running.set(variant.name, server);
      }
    }
    progress(`idle for ${idleSeconds} s`);
    for (const server of running.values()) for (let i = 0; i < FEW_REQUESTS; i += 1) await get(server, ROUTE);
    await delay(idleSeconds * 1000);
    const bare = seconds.get(BARE.name) ?? [];
    return await Promise.all(
      [...running].map(async ([variant, server]) => {
        const own = seconds.get(variant) ?? [];
        return {
          variant,
          seconds: figure(own),
          overBareSeconds: figure(paired(own, bare, (value, partner) => value - partner)),
          idleRssMb: (await server.ask<number>('rss')) / 1e6,
          idleSeconds,
        };
      }),
    );
  } finally {
    await Promise.all([...running.values(), sink].map((child) => child.stop()));
  }
}

async function get({ port }: Server, path: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
}
