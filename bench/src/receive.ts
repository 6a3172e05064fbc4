import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Summary } from '@clew/evidence';
import { type Child, startChild } from './child.ts';
import type { Sent } from './sender-process.ts';
import { SPANS_PER_TRACE } from './span-batch.ts';

const SAMPLE_MS = 1_000;

export interface Receive {
  /** The most that one core took, spans a second. */
  fullSpeed: number;
  /** Of the run at `rate`. */
  rate: number;
  seconds: number;
  accepted: number;
  cpuPerSpanUs: number;
  /** Spans that were acknowledged and are neither held nor counted as evicted. */
  missing: number;
  evicted: number;
  maxBytes: number;
  /** The most that any moment saw: what the store says is in use, and the file with its log beside it. */
  peakBytes: number;
  peakFileBytes: number;
  peakRssMb: number;
}

/** Sends spans to a local backend that has one core to itself: at full speed, then `rate` a second for `seconds`. */
export async function measureReceive(options: {
  fullSpeedSeconds: number;
  rate: number;
  seconds: number;
  maxBytes: number;
  progress: (text: string) => void;
}): Promise<Receive> {
  const { fullSpeedSeconds, rate, seconds, maxBytes, progress } = options;
  const folder = await mkdtemp(join(tmpdir(), 'clew-bench-'));
  const file = join(folder, 'evidence.sqlite');
  const children: Child[] = [];
  const start = async (name: string, core: number, args: string[] = []): Promise<Child> => {
    const child = await startChild(new URL(name, import.meta.url), {
      core,
      args,
      nodeOptions: ['-C', 'clew-source'],
    });
    children.push(child);
    return child;
  };
  try {
    const backend = await start('backend-process.ts', 0, [file, String(maxBytes)]);
    const sender = await start('sender-process.ts', 1);
    const url = await backend.ask<string>('url');
    progress('receive: full speed');
    const fast = await sender.ask<Sent>('send', { url, seconds: fullSpeedSeconds });

    const before = await cpuUs(backend);
    const peak = { peakBytes: 0, peakFileBytes: 0, peakRssMb: 0 };
    let running = true;
    const sent = sender.ask<Sent>('send', { url, seconds, rate }).finally(() => {
      running = false;
    });
    for (let sample = 0; running; sample += 1) {
      if (sample % 60 === 0) progress(`receive: ${rate} spans/s, ${sample} of ${seconds} s`);
      peak.peakBytes = Math.max(peak.peakBytes, await backend.ask<number>('bytes'));
      peak.peakFileBytes = Math.max(peak.peakFileBytes, await sizeOf(file, `${file}-wal`));
      peak.peakRssMb = Math.max(peak.peakRssMb, (await backend.ask<number>('rss')) / 1e6);
      await Promise.race([sent, delay(SAMPLE_MS)]);
    }
    const { accepted, seconds: took } = await sent;
    const cpu = (await cpuUs(backend)) - before;
    const { held, gaps } = await backend.ask<Summary>('summary');
    const evictedTraces = gaps.find(({ kind, signal }) => kind === 'evicted' && signal === 'traces')?.count ?? 0;
    const evicted = evictedTraces * SPANS_PER_TRACE;
    return {
      fullSpeed: fast.accepted / fast.seconds,
      rate: accepted / took,
      seconds: took,
      accepted,
      cpuPerSpanUs: cpu / accepted,
      missing: fast.accepted + accepted - held.spans - evicted,
      evicted,
      maxBytes,
      ...peak,
    };
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await rm(folder, { recursive: true });
  }
}

async function cpuUs(child: Child): Promise<number> {
  const { user, system } = await child.ask<NodeJS.CpuUsage>('cpu');
  return user + system;
}

async function sizeOf(...files: string[]): Promise<number> {
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  ); // no log, no size
  return sizes.reduce((total, size) => total + size, 0);
}
