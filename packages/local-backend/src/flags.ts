import { parseArgs } from 'node:util';
import type { LocalBackendOptions } from './local-backend.ts';
import type { Target } from './scrape/scraper.ts';
import { type FaultTargets, problemOfFaultTarget } from './service-faults.ts';

/** What the command line asks for; `problems` has every mistake in it. */
export interface Flags {
  help: boolean;
  exitWithParent: boolean;
  options: LocalBackendOptions;
  problems: string[];
}

const flags = {
  'otlp-grpc-port': { type: 'string', value: 'N', default: '4317', help: 'OTLP over gRPC; 0 takes a free port' },
  'otlp-http-port': { type: 'string', value: 'N', default: '4318', help: 'OTLP over HTTP' },
  'api-port': { type: 'string', value: 'N', default: '4320', help: 'JSON API' },
  host: { type: 'string', value: 'HOST', default: '127.0.0.1', help: 'address to listen on' },
  file: { type: 'string', value: 'F', help: 'file of the evidence; in memory without' },
  'max-bytes': { type: 'string', value: 'N', default: '268435456', help: 'what the evidence may take' },
  scrape: { type: 'string', value: "'URL;LABEL=VALUE;...'", multiple: true, help: 'scrape this; may be repeated' },
  'scrape-interval': { type: 'string', value: 'MS', default: '5000', help: 'between two scrapes of a target' },
  'fault-target': {
    type: 'string',
    value: 'NAME=URL',
    multiple: true,
    help: 'service whose faults the page switches, by FAULTS_ADMIN_TOKEN; may be repeated',
  },
  'exit-with-parent': { type: 'boolean', help: 'stop when stdin ends' },
  help: { type: 'boolean', help: 'show this' },
} as const;

/** The text of `--help`. */
export function helpText(): string {
  const rows = Object.entries(flags).map(([name, flag]) => {
    const value = 'value' in flag ? ` ${flag.value}` : '';
    const fallback = 'default' in flag ? ` (${flag.default})` : '';
    return `  ${`--${name}${value}`.padEnd(34)}${flag.help}${fallback}`;
  });
  return ['Receives OTLP, scrapes OpenMetrics and reads log lines into one evidence store.', '', ...rows].join('\n');
}

/**
 * Reads the arguments of the process, without node and the script.
 *
 * @param env has the token of `--fault-target`: everybody on the machine can read a command line
 */
export function parseFlags(args: string[], env: { FAULTS_ADMIN_TOKEN?: string } = {}): Flags {
  const { values, tokens } = parseArgs({ args, options: flags, strict: false, tokens: true });
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`${token.value}: not expected; every argument has a flag`);
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name as keyof typeof flags] : undefined;
    if (flag === undefined) problems.push(`${token.rawName}: no such flag`);
    else if (flag.type === 'string' && !token.value) problems.push(`${token.rawName}: needs a value`);
    else if (flag.type === 'boolean' && token.value !== undefined) problems.push(`${token.rawName}: takes no value`);
  }

  const text = (name: 'host' | 'file') => (typeof values[name] === 'string' ? values[name] : undefined);
  const integer = (name: keyof typeof flags, least: number, most: number): number => {
    const value = values[name];
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : Number.NaN;
    // Without a value, that has been said already.
    if (typeof value === 'string' && value !== '' && !(number >= least && number <= most)) {
      problems.push(`--${name} ${value}: not a whole number from ${least} to ${most}`);
    }
    return number;
  };
  const file = text('file');
  const services = parseFaultTargets([values['fault-target'] ?? []].flat(), problems);
  const token = env.FAULTS_ADMIN_TOKEN ?? '';
  if (services.length > 0 && token === '') {
    problems.push('--fault-target: set FAULTS_ADMIN_TOKEN to the token that the services were started with');
  }
  const options = {
    grpcPort: integer('otlp-grpc-port', 0, 65_535),
    httpPort: integer('otlp-http-port', 0, 65_535),
    apiPort: integer('api-port', 0, 65_535),
    host: text('host') ?? '',
    maxBytes: integer('max-bytes', 2 ** 20, Number.MAX_SAFE_INTEGER),
    scrapeIntervalMs: integer('scrape-interval', 100, 3_600_000),
    targets: [values.scrape ?? []].flat().flatMap((value) => parseTarget(String(value), problems)),
    ...(file !== undefined && { file }),
    ...(services.length > 0 && { faultTargets: { token, services } }),
  };
  return { help: values.help === true, exitWithParent: values['exit-with-parent'] === true, options, problems };
}

/** `URL;label=value;label=value` */
function parseTarget(value: string, problems: string[]): Target[] {
  const [url = '', ...pairs] = value.split(';');
  const labels: Record<string, string> = {};
  if (!isHttpUrl(url)) problems.push(`--scrape ${url}: not an http URL`);
  for (const pair of pairs) {
    const [, name, label] = /^([a-zA-Z_][a-zA-Z0-9_]*)=(.+)$/s.exec(pair) ?? [];
    if (name === undefined || label === undefined) problems.push(`--scrape ${url}: ${pair} is not label=value`);
    else labels[name] = label;
  }
  return [{ url, labels }];
}

/** Each `name=url`; what comes without a value has been said already. */
function parseFaultTargets(values: (string | boolean)[], problems: string[]): FaultTargets['services'] {
  const services = values.flatMap((value) => {
    if (typeof value !== 'string' || value === '') return [];
    const [, name, url] = /^([^=]+)=(.+)$/s.exec(value) ?? [];
    if (name === undefined || url === undefined || !isHttpUrl(url)) {
      problems.push(`--fault-target ${value}: not NAME=URL, as in full-otel=http://127.0.0.1:8080`);
      return [];
    }
    const problem = problemOfFaultTarget(url);
    if (problem === undefined) return [{ name, url }];
    problems.push(`--fault-target ${name}: ${problem}`);
    return [];
  });
  const twice = services.find(({ name }, i) => services.findIndex((other) => other.name === name) < i);
  if (twice !== undefined) problems.push(`--fault-target ${twice.name}=${twice.url}: there is another of this name`);
  return services;
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
