import { parseArgs } from 'node:util';

export const HELP = `Usage: npm run load -- SCENARIO [options]
       pnpm load SCENARIO [options]

Plays a k6 scenario against running services, shows where to look, and ends with k6's exit code (99: a threshold does not
hold).

  --list                  the scenarios
  --target NAME=URL       a service by its service.name; may be repeated, the first one's peer last
                          (full-otel=http://127.0.0.1:8080 and prom-otel=http://127.0.0.1:8081)
  --pace PACE             normal, or fast: at most 35 s (normal)
  --no-fault              the same without its fault: the thresholds that look for it fail
  --rate FACTOR           times the usual rate (1)
  --seed N                seed of everything random (1)
  --run-id ID             a name for the run; made from scenario and time without
  --traces MODE           baggage, traceparent or spans (baggage)
  --backend URL           the local backend (http://127.0.0.1:4320 when it answers)
  --metrics URL           where the last target's metrics are scraped (http://127.0.0.1:9464/metrics)
  --gateway URL           what releases versions of the first target (http://127.0.0.1:8090 when it answers)
  --otlp URL              sends k6's own metrics there by OTLP/HTTP (the local backend, or nowhere)
  --remote-write URL      sends them by Prometheus remote write
  --json FILE             writes them as JSON lines
  --summary FOLDER        for summary.json and junit.xml (load/results/RUN-ID)
  --profile NAME          of smoke: smoke, stress, soak or breakpoint (smoke)
  --yes                   lets cardinality and log-flood go to another machine than this one
  --cap N                 the most that they do: label values, log lines per second
  --help                  this text

The token of the services is taken from the environment: FAULTS_ADMIN_TOKEN.
`;

const LOCAL = ['full-otel=http://127.0.0.1:8080', 'prom-otel=http://127.0.0.1:8081'];

export interface Options {
  scenario: string | undefined;
  list: boolean;
  help: boolean;
  targets: string[];
  /** Variables of lib/settings.ts that an option sets. */
  env: Record<string, string>;
  /** The option of each variable that was given by one. */
  flags: Record<string, string>;
  runId: string | undefined;
  backend: string | undefined;
  gateway: string | undefined;
  otlp: string | undefined;
  remoteWrite: string | undefined;
  json: string | undefined;
  summary: string | undefined;
}

const FLAGS = {
  TARGETS: 'target',
  PACE: 'pace',
  RATE: 'rate',
  SEED: 'seed',
  RUN_ID: 'run-id',
  TRACES: 'traces',
  METRICS_URL: 'metrics',
  OTLP_URL: 'otlp',
  PROFILE: 'profile',
  CAP: 'cap',
} as const;

/** Reads the command line. Throws one error that names every problem that can be seen here; `readSettings` looks at values. */
export function readOptions(args: string[]): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args: args.filter((arg) => arg !== '--'), // pnpm passes it on
    allowPositionals: true,
    options: {
      list: flag,
      target: { type: 'string', multiple: true, default: LOCAL },
      pace: text,
      'no-fault': flag,
      rate: text,
      seed: text,
      'run-id': text,
      traces: text,
      backend: text,
      metrics: text,
      gateway: text,
      otlp: text,
      'remote-write': text,
      json: text,
      summary: text,
      profile: text,
      yes: flag,
      cap: text,
      help: flag,
    },
  });
  const [scenario, ...more] = positionals;
  const problems = more.map((one) => `${one}: one scenario at a time`);
  for (const target of values.target) {
    if (!/^[\w.-]+=https?:/.test(target)) problems.push(`--target ${target}: give SERVICE=URL, such as ${LOCAL[0]}`);
  }
  for (const name of ['backend', 'metrics', 'gateway', 'otlp', 'remote-write'] as const) {
    const url = values[name];
    if (url !== undefined && !URL.canParse(url)) problems.push(`--${name} ${url}: give a URL`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const env = {
    PACE: values.pace,
    RATE: values.rate,
    SEED: values.seed,
    TRACES: values.traces,
    METRICS_URL: values.metrics,
    CAP: values.cap,
    PROFILE: values.profile,
    ...(values.yes && { YES: 'true' }),
    ...(values['no-fault'] && { FAULT: 'off' }),
  };
  const given = Object.entries(FLAGS).filter(([, flag]) => values[flag] !== undefined);
  return {
    scenario,
    list: values.list,
    help: values.help,
    targets: values.target,
    env: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    flags: Object.fromEntries(given.map(([variable, flag]) => [variable, `--${flag}`])),
    runId: values['run-id'],
    backend: values.backend,
    gateway: values.gateway,
    otlp: values.otlp,
    remoteWrite: values['remote-write'],
    json: values.json,
    summary: values.summary,
  };
}
