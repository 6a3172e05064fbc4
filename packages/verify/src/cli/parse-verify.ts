import { existsSync } from 'node:fs';
import type { TallyRecord } from '@clew/evidence';
import type { StoreAddress } from '../http/client.ts';
import type { Scope } from '../readers/reader.ts';
import type { StoreName } from '../stores.ts';
import { checkNames } from '../verify-evidence.ts';
import { readAddresses } from './addresses.ts';
import { readTally, readText } from './files.ts';
import type { FlagName } from './flags.ts';
import { readK6Summary } from './k6-summary.ts';
import { readFlags } from './read-flags.ts';
import { parseDuration, parseTime } from './times.ts';

/** What the command line asks for; with `problems` nothing else of it is to be used. */
export interface VerifyCommand {
  help: boolean;
  problems: string[];
  /** File or address of the local backend; '' for where it usually is; absent when stores are read. */
  backend?: string;
  stores: StoreAddresses;
  scope: Scope;
  /** Times and durations in microseconds; absent where the default depends on what is read. */
  time: { since?: number; until?: number; window?: number; grace?: number };
  only?: string[];
  skip: string[];
  minimum: Record<string, number>;
  retentionUs?: number;
  tailSampled: boolean;
  tallies: TallyRecord[];
  limit: number;
  maxLines: number;
  selectors: { prometheus?: string; loki?: string };
  output: { format: Format; file?: string };
  keep?: string;
}

export type Format = (typeof formats)[number];
export type StoreAddresses = Partial<Record<StoreName, StoreAddress>>;

const formats = ['table', 'json', 'junit'] as const;

/** Reads the arguments after `clew verify`; every mistake is in `problems`. */
export function parseVerify(args: string[], env: NodeJS.ProcessEnv, nowUs = Date.now() * 1000): VerifyCommand {
  const problems: string[] = [];
  const given = readFlags(args, problems);
  const { texts, text } = given;

  const converted = <Value>(name: FlagName, convert: (text: string) => Value | undefined, expected: string) => {
    const value = text(name);
    const result = value === undefined ? undefined : convert(value);
    if (value !== undefined && result === undefined) problems.push(`--${name} ${value}: not ${expected}`);
    return result;
  };
  const duration = (name: FlagName) => converted(name, parseDuration, 'a duration such as 90s, 15m, 1h');
  const positiveDuration = (name: FlagName) =>
    converted(name, (value) => parseDuration(value) || undefined, 'a duration above 0, such as 90s, 15m, 1h');
  const time = (name: FlagName) =>
    converted(name, (value) => parseTime(value, nowUs), 'a time (ISO 8601) or how long ago (90m)');
  const number = (name: FlagName) => converted(name, positive, 'a number above 0');
  const selector = (name: FlagName) =>
    converted(name, (value) => (/^\{.+\}$/s.test(value.trim()) ? value : undefined), 'a selector such as {job="x"}');

  const tls = {
    ...optional('ca', readText('ca', text('ca'), problems)),
    ...optional('cert', readText('cert', text('cert'), problems)),
    ...optional('key', readText('key', text('key'), problems)),
    ...(given.has('insecure') && { insecure: true }),
  };
  if ((tls.cert === undefined) !== (tls.key === undefined)) problems.push('--cert and --key: one needs the other');
  const stores = readAddresses({ texts, env, tls, rate: number('rate') ?? 20 }, problems);
  const backend = readBackend(text('backend'), problems);
  const format =
    converted('output', (value) => formats.find((one) => one === value), `one of ${formats.join(', ')}`) ?? 'table';
  const only = texts('only');
  const skip = texts('skip');
  const minimum = readMinimum(texts('min'), problems);
  refuseUnknown({ only, skip, min: Object.keys(minimum) }, problems);
  const keep = text('keep');
  if (keep !== undefined && existsSync(keep)) problems.push(`--keep ${keep}: is there already; one file is one run`);
  if (!given.has('help')) problems.push(...missingStores(backend, stores));

  const command: VerifyCommand = {
    help: given.has('help'),
    problems,
    stores,
    scope: { services: texts('service'), ...optional('namespace', text('namespace')) },
    time: {
      ...optional('since', time('since')),
      ...optional('until', time('until')),
      ...optional('window', positiveDuration('window')),
      ...optional('grace', duration('grace')),
    },
    skip,
    minimum,
    tailSampled: given.has('tail-sampled'),
    tallies: [...readTally(text('tally'), problems), ...texts('k6').flatMap((file) => readK6Summary(file, problems))],
    limit: Math.ceil(number('limit') ?? 2000),
    maxLines: Math.ceil(number('max-lines') ?? 1_000_000),
    selectors: {
      ...optional('prometheus', selector('prometheus-selector')),
      ...optional('loki', selector('loki-selector')),
    },
    output: { format, ...optional('file', text('output-file')) },
    ...optional('backend', backend),
    ...optional('only', only.length > 0 ? only : undefined),
    ...optional('retentionUs', positiveDuration('retention')),
    ...optional('keep', keep),
  };
  const { since, until = nowUs } = command.time;
  if (since !== undefined && since >= until) problems.push('--since: not before --until');
  return command;
}

/** `local`, `local=FILE`, `local=URL` */
function readBackend(value: string | undefined, problems: string[]): string | undefined {
  if (value === undefined) return undefined;
  const [, where] = /^local(?:=(.+))?$/s.exec(value) ?? [];
  if (!/^local(=.+)?$/s.test(value)) problems.push(`--backend ${value}: not local, local=FILE or local=URL`);
  return where ?? '';
}

function missingStores(backend: string | undefined, stores: StoreAddresses): string[] {
  const given = Object.keys(stores);
  if (backend !== undefined && given.length > 0) return [`--backend: reads everything itself; leave out --${given[0]}`];
  if (backend !== undefined) return [];
  if (given.length === 0) return ['no store: give --backend local, or some of --prometheus, --loki and --tempo'];
  return stores.tempo && stores.jaeger ? ['--tempo and --jaeger: traces come from one of them'] : [];
}

function readMinimum(values: string[], problems: string[]): Record<string, number> {
  const entries = values.flatMap((value): [string, number][] => {
    const [, name, share] = /^([^=]+)=(.+)$/.exec(value) ?? [];
    const number = Number(share);
    if (name !== undefined && number >= 0 && number <= 1) return [[name, number]];
    problems.push(`--min ${value}: not CHECK=SHARE with a share from 0 to 1, such as log-trace=0.99`);
    return [];
  });
  return Object.fromEntries(entries);
}

function refuseUnknown(named: Record<string, string[]>, problems: string[]): void {
  const known = checkNames();
  for (const [flag, names] of Object.entries(named)) {
    for (const name of names) {
      if (!known.includes(name)) problems.push(`--${flag} ${name}: no such check; there are ${known.join(', ')}`);
    }
  }
}

function positive(text: string): number | undefined {
  const number = Number(text);
  return number > 0 && Number.isFinite(number) ? number : undefined;
}

/** A field, or none: what is undefined is left out. */
function optional<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  // A computed name widens to string, so that the compiler forgets which one it is.
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;
}
