import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { type ExemplarCost, measureExemplars } from '../../packages/otel-exemplars/bench/measure.ts';
import { broken, RECEIVE_RATE } from './bounds.ts';
import { measureCapacity } from './capacity.ts';
import { compile } from './compile.ts';
import { type Loss, measureLoss } from './loss.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { measureReceive } from './receive.ts';
import { formatTable } from './report.ts';
import type { Results } from './results.ts';
import { LONG, SHORT } from './scenarios.ts';
import { measureStart } from './start.ts';
import { SERVICES, VARIANTS } from './variants.ts';

const options = parse();
if (options) await bench(options);
else process.stdout.write(HELP);

function parse(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

async function bench({ long, only, rounds, json, check }: Options): Promise<void> {
  progress('compiling');
  await compile();
  const results: Results = {
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
    long,
    capacity: only.includes('capacity')
      ? await measureCapacity(VARIANTS, { sessions: long ? 5 : 1, rounds, progress })
      : [],
    start: only.includes('start')
      ? await measureStart(VARIANTS, {
          repeats: long ? 10 : 1,
          idleSeconds: long ? 120 : 5,
          warm: only.includes('capacity'),
          progress,
        })
      : [],
    loss: only.includes('loss') ? await measureLosses(long) : [],
    exemplars: only.includes('exemplars') ? await measureExemplarCost() : [],
    ...(only.includes('receive') && {
      receive: await measureReceive({
        rate: RECEIVE_RATE,
        seconds: long ? 600 : 5,
        maxBytes: 256 * 2 ** 20, // its default, which the long run fills in two minutes
        progress,
      }),
    }),
  };
  await mkdir(dirname(json), { recursive: true });
  await writeFile(json, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(`${formatTable(results)}\n`);
  const complaints = broken(results);
  process.stderr.write(`${complaints.map((complaint) => `Not held: ${complaint}\n`).join('')}Written to ${json}\n`);
  if (check && complaints.length > 0) process.exitCode = 1;
}

async function measureExemplarCost(): Promise<ExemplarCost[]> {
  progress('exemplars');
  return measureExemplars();
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
