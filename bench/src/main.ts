import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { measureExemplars } from '../../packages/otel-exemplars/bench/measure.ts';
import { broken, RECEIVE_RATE } from './bounds.ts';
import { measureCapacity } from './capacity.ts';
import { compile } from './compile.ts';
import { type Loss, measureLoss } from './loss.ts';
import { HELP, type Options, type Part, readOptions } from './options.ts';
import { measureReceive } from './receive.ts';
import { formatTable } from './report.ts';
import type { Results } from './results.ts';
import { LONG, SHORT } from './scenarios.ts';
import { measureStart } from './start.ts';
import { FAULT_ENGINES, SERVICES, VARIANTS, WITHOUT_EXEMPLARS } from './variants.ts';

/** 1 is for bounds that do not hold. */
const COULD_NOT_MEASURE = 2;

const options = await prepare().catch((error: Error) => end(error.message));
if (options) await bench(options).catch((error: Error) => end(`${error.stack}`));
else process.stdout.write(HELP);

async function prepare(): Promise<Options | undefined> {
  const given = readOptions(process.argv.slice(2));
  if (given === undefined) return undefined;
  const { json } = given;
  await mkdir(dirname(json), { recursive: true }).catch(({ message }) => {
    throw new Error(`--json ${json}: ${message}`); // now, and not after half an hour
  });
  return given;
}

function end(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(COULD_NOT_MEASURE); // at once: the children end with this process
}

async function bench({ long, only, rounds, json, check }: Options): Promise<void> {
  const seconds: Results['seconds'] = {};
  /** Runs a part and notes what it took. */
  async function timed<Value>(part: keyof Results['seconds'], run: () => Promise<Value>): Promise<Value> {
    progress(part);
    const begin = performance.now();
    const value = await run();
    seconds[part] = Math.round((performance.now() - begin) / 100) / 10;
    return value;
  }
  /** Of a part that was not asked for: nothing. */
  const measured = async <One>(part: Part, measure: () => Promise<One[]>): Promise<One[]> =>
    only.includes(part) ? timed(part, measure) : [];

  await timed('compiling', compile);
  const sessions = { sessions: long ? 5 : 1, rounds, long, progress };
  const results: Results = {
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
    long,
    capacity: await measured('capacity', () =>
      measureCapacity(long ? [...VARIANTS, WITHOUT_EXEMPLARS] : VARIANTS, sessions),
    ),
    start: await measured('start', () =>
      measureStart(VARIANTS, {
        repeats: long ? 10 : 1,
        idleSeconds: long ? 120 : 2,
        warm: only.includes('capacity'),
        progress,
      }),
    ),
    loss: await measured('loss', () => measureLosses(long)),
    exemplars: await measured('exemplars', () => measureExemplars({ rounds: long ? 60 : 6 })),
    faults: await measured('faults', () => measureCapacity(FAULT_ENGINES, sessions)),
    ...(only.includes('receive') && {
      receive: await timed('receive', () =>
        measureReceive({
          fullSpeedSeconds: long ? 5 : 2,
          rate: RECEIVE_RATE,
          seconds: long ? 600 : 3,
          maxBytes: 256 * 2 ** 20, // its default, which the long run fills in two minutes
          progress,
        }),
      ),
    }),
    seconds,
  };
  await writeFile(json, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(`${formatTable(results)}\n`);
  const complaints = broken(results);
  process.stderr.write(`${complaints.map((complaint) => `Not held: ${complaint}\n`).join('')}Written to ${json}\n`);
  if (check && complaints.length > 0) process.exitCode = 1;
}

/** One service after the other in the long mode, where a rate has to be reached; side by side in the short one. */
async function measureLosses(long: boolean): Promise<Loss[]> {
  const losses: Loss[] = [];
  for (const scenario of long ? LONG : SHORT) {
    progress(`loss: ${scenario.name}`);
    if (long) for (const service of SERVICES) losses.push(await measureLoss(service, scenario));
    else losses.push(...(await Promise.all(SERVICES.map((service) => measureLoss(service, scenario)))));
  }
  return losses;
}

function progress(text: string): void {
  process.stderr.write(`${Math.round(performance.now() / 1000)} s: ${text}\n`);
}
