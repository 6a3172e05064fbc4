import { parseArgs } from 'node:util';

export const PARTS = ['capacity', 'loss', 'start', 'exemplars', 'receive', 'faults'] as const;
export type Part = (typeof PARTS)[number];
/** What is not of the services, or means something after many rounds only. */
const LONG_ONLY: Part[] = ['exemplars', 'receive', 'faults'];

export interface Options {
  long: boolean;
  only: Part[];
  rounds: number;
  json: string;
  check: boolean;
}

export const HELP = `pnpm bench [options]

What telemetry costs and whether it loses anything. Progress goes to stderr, the table to stdout.

  --long           about half an hour instead of a minute; its figures are the ones to compare
  --only PARTS     some of ${PARTS.join(', ')}, separated by commas; all (without --long all but ${LONG_ONLY.join(', ')})
  --rounds N       rounds in each capacity session (3, with --long 12)
  --json FILE      where the results go (bench/results/<date>.json)
  --check          exit code 1 when a documented bound does not hold
  --help           this text
`;

/** Reads the command line; undefined when it asks for help. Throws on what it does not understand. */
export function readOptions(args: string[], now = new Date()): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      long: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'string' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { long, check } = values;
  const rounds = Number(values.rounds ?? (long ? 12 : 3));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new TypeError(`--rounds ${values.rounds}: a whole number from 1 on`);
  const date = now.toISOString().slice(0, 19).replaceAll(':', '');
  const json = values.json ?? new URL(`../results/${date}.json`, import.meta.url).pathname;
  const all = PARTS.filter((part) => long || !LONG_ONLY.includes(part));
  return { long, check, rounds, json, only: values.only?.split(',').map(partOf) ?? all };
}

function partOf(name: string): Part {
  const part = PARTS.find((known) => known === name);
  if (!part) throw new TypeError(`--only ${name}: one of ${PARTS.join(', ')}`);
  return part;
}
