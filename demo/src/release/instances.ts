import { setTimeout as delay } from 'node:timers/promises';
import { explain } from '../child.ts';
import type { ServiceProcess } from '../service-process.ts';

const PROBE_INTERVAL_MS = 50;
const STOP_TIMEOUT_MS = 40_000;
/** `FAULTS` without a rule. */
const NONE = '[]';

/** A version of the service, and how much of the traffic it is to have. */
export interface Wanted {
  version: string;
  /** Above 0; relative to the others'. */
  weight: number;
  /** What it is started with: `FAULTS` of its environment. */
  faults: string | undefined;
}

/** A version runs, and with other faults than it is wanted with. */
export class OtherFaultsError extends Error {}

/** The processes of one service behind a gateway. */
export interface Instances {
  /**
   * Brings one instance of each version to serve with its weight, and retires the others as an orchestrator does: each
   * gets its SIGTERM while it still has traffic, and keeps it until it says that it is not ready. Resolves when nothing
   * is sent to them any more; they drain and end behind that.
   *
   * @throws OtherFaultsError, and nothing has changed
   */
  become(wanted: Wanted[]): Promise<void>;
  /** Whose turn it is, each as often as its weight says; undefined when none is ready. */
  next(): { version: string; url: string } | undefined;
  /** Stops all, and rejects when one has ever ended otherwise than with 0. */
  stop(): Promise<void>;
}

interface Instance extends Wanted {
  process: ServiceProcess;
  /** Of a smooth weighted round robin: a version with a fifth of the weight has every fifth turn. */
  turns: number;
}

/** @param start resolves when an instance of this version takes requests */
export function createInstances(
  start: (version: string, faults: string | undefined) => Promise<ServiceProcess>,
): Instances {
  let serving: Instance[] = [];
  const ends: Promise<void>[] = [];

  /** Without a weight it has no turn yet. */
  async function add({ version, faults }: Wanted): Promise<void> {
    const process = await start(version, faults);
    const ended = process.ended.then((code) => {
      if (code !== 0) throw new Error(explain(`${process.name} ${version} ended with ${code}`, process.lastLines()));
    });
    ended.catch(() => {}); // stop() rejects with it
    ends.push(ended);
    serving = [...serving, { version, faults, process, weight: 0, turns: 0 }];
  }

  async function retire(instance: Instance): Promise<void> {
    void instance.process.stop(STOP_TIMEOUT_MS);
    while (await isReady(instance.process)) await delay(PROBE_INTERVAL_MS);
    serving = serving.filter((one) => one !== instance);
  }

  return {
    async become(wanted) {
      for (const { version, faults } of wanted) {
        const running = serving.find((one) => one.version === version);
        if (running === undefined || (running.faults ?? NONE) === (faults ?? NONE)) continue;
        throw new OtherFaultsError(`${version} runs with other faults: release it with share 0 first, then with these`);
      }
      const missing = wanted.filter(({ version }) => !serving.some((one) => one.version === version));
      // All of them, so that none still starts when this has failed.
      const added = await Promise.allSettled(missing.map(add));
      const failed = added.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
      const weightOf = new Map(wanted.map(({ version, weight }) => [version, weight]));
      for (const one of serving) one.weight = weightOf.get(one.version) ?? one.weight;
      await Promise.all(serving.filter(({ version }) => !weightOf.has(version)).map(retire));
    },
    next() {
      const total = serving.reduce((sum, { weight }) => sum + weight, 0);
      const weighted = serving.filter(({ weight }) => weight > 0);
      for (const one of weighted) one.turns += one.weight;
      const [chosen] = weighted.toSorted((a, b) => b.turns - a.turns);
      if (chosen === undefined) return undefined;
      chosen.turns -= total;
      return { version: chosen.version, url: chosen.process.url };
    },
    async stop() {
      for (const { process } of serving) void process.stop(STOP_TIMEOUT_MS);
      await Promise.all(ends);
    },
  };
}

/** As a load balancer asks. What has no answer is not ready. */
async function isReady({ url }: ServiceProcess): Promise<boolean> {
  try {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(1000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
