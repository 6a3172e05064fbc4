import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { startReceiver } from './receiver.ts';

export type Records = 'spans' | 'log records';
export type Processor = 'none' | 'the SDK' | 'this package';

/** What a sender says about one burst. */
export interface Burst {
  /** CPU per record, in microseconds, with everything that its export costs this process. */
  cpuUs: number;
  rssMb: number;
}

export interface BatchCost {
  records: Records;
  processor: Processor;
  /** CPU per record: making it, and all that its processor does. Median, in microseconds. */
  cpuUs: number;
  /** What of it the processor adds: median of the differences between bursts that took turns. */
  addedUs: number;
  /** The largest resident size after a burst. */
  rssMb: number;
}

const PROCESSORS: Processor[] = ['none', 'the SDK', 'this package'];
const WARM_UP = 5;
const ROUNDS = 30;
const BURST = 8_000;

/**
 * What batch processors cost per span and per log record of 7 attributes: a process for each, which send over gRPC to
 * this one in bursts that take turns.
 *
 * @throws if nothing arrives
 */
export async function measureBatches(): Promise<BatchCost[]> {
  return [...(await measure('spans')), ...(await measure('log records'))];
}

async function measure(records: Records): Promise<BatchCost[]> {
  const receiver = await startReceiver();
  const env = { ...withoutSettings(process.env), OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  const senders = PROCESSORS.map((processor) => {
    const sender = fork(new URL('./sender.ts', import.meta.url), [records, processor], {
      execArgv: ['-C', 'clew-source'],
      env,
    });
    return { processor, sender };
  });
  try {
    const rounds: Map<Processor, Burst>[] = [];
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      const bursts = new Map<Processor, Burst>();
      for (let turn = 0; turn < senders.length; turn++) {
        const { processor, sender } = senders[(round + turn) % senders.length] as (typeof senders)[number];
        bursts.set(processor, await burst(sender, receiver.received, processor));
      }
      if (round >= WARM_UP) rounds.push(bursts);
    }
    return PROCESSORS.map((processor) => costOf(records, processor, rounds));
  } finally {
    for (const { sender } of senders) sender.kill();
    receiver.close();
  }
}

/** Settings of whoever runs this would change what is measured. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('OTEL_')));
}

async function burst(sender: ChildProcess, received: () => number, processor: Processor): Promise<Burst> {
  const before = received();
  const ended = new AbortController();
  const { signal } = ended;
  sender.send(BURST);
  try {
    const failed = once(sender, 'exit', { signal }).then(() => {
      throw new Error(`The process with ${processor} has ended: see what it wrote above.`);
    });
    failed.catch(() => {}); // aborted, most often
    const [answer] = (await Promise.race([once(sender, 'message', { signal }), failed])) as [Burst];
    if (processor !== 'none' && received() === before) throw new Error(`Nothing has arrived from ${processor}.`);
    return answer;
  } finally {
    ended.abort();
  }
}

function costOf(records: Records, processor: Processor, rounds: Map<Processor, Burst>[]): BatchCost {
  const of = (round: Map<Processor, Burst>, which: Processor) => round.get(which) as Burst; // each round has all
  return {
    records,
    processor,
    cpuUs: median(rounds.map((round) => of(round, processor).cpuUs)),
    addedUs: median(rounds.map((round) => of(round, processor).cpuUs - of(round, 'none').cpuUs)),
    rssMb: Math.max(...rounds.map((round) => of(round, processor).rssMb)),
  };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
