import { parseArgs } from 'node:util';

export const HELP = `Usage: npm start -- [options]

Starts full-otel, prom-otel and a local backend, sends traffic, and shows how traces, metrics, exemplars and logs lead
to each other. Ctrl-C stops, drains and prints the report of the checks.

  --for DURATION          stop after that long (30s, 5m, 1h); exit 1 when a check does not hold
  --rate N                requests per second in all (default 40)
  --seed N                seed of the traffic, so that a run can be repeated (default 1)
  --scenario NAME         play this k6 scenario of load/ and stop; exit with k6's code when a threshold does not hold
  --keep FILE             keep the evidence of the run in this SQLite file
  --full-otel-port N      default 8080, or a free one when it is taken
  --prom-otel-port N      default 8081, likewise
  --metrics-port N        of prom-otel, default 9464, likewise
  --otlp-grpc-port N      of the local backend, default 4317, likewise
  --otlp-http-port N      default 4318, likewise
  --api-port N            default 4320, likewise
  --gateway-port N        of the gateway that releases versions of full-otel, default 8090, likewise
  --watch                 restart a service when its code changes (npm run dev)
  --help                  this text
`;

const PORTS = {
  'full-otel-port': 8080,
  'prom-otel-port': 8081,
  'metrics-port': 9464,
  'otlp-grpc-port': 4317,
  'otlp-http-port': 4318,
  'api-port': 4320,
  'gateway-port': 8090,
} as const;
export type PortName = keyof typeof PORTS;

export interface Options {
  forMs: number | undefined;
  rate: number;
  seed: number;
  scenario: string | undefined;
  keep: string | undefined;
  watch: boolean;
  help: boolean;
  ports: Record<PortName, { port: number; asked: boolean }>;
}

/** Reads the command line. Throws one error that names every problem. */
export function readOptions(args: string[]): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args,
    options: {
      for: text,
      rate: { ...text, default: '40' },
      seed: { ...text, default: '1' },
      scenario: text,
      keep: text,
      watch: flag,
      help: flag,
      ...(Object.fromEntries(Object.keys(PORTS).map((name) => [name, text])) as Record<PortName, typeof text>),
    },
  });
  const problems: string[] = [];
  const number = (name: string, value: string, min: number, max: number): number => {
    const parsed = Number(value);
    if (Number.isInteger(parsed) && parsed >= min && parsed <= max) return parsed;
    problems.push(`--${name} ${value}: give a whole number from ${min} to ${max}`);
    return min;
  };
  const ports = Object.fromEntries(
    Object.entries(PORTS).map(([name, preset]) => {
      const asked = values[name as PortName];
      const port = asked === undefined ? preset : number(name, asked, 1, 65535);
      return [name, { port, asked: asked !== undefined }];
    }),
  ) as Options['ports'];
  const options: Options = {
    forMs: values.for === undefined ? undefined : duration(values.for, problems),
    rate: number('rate', values.rate, 1, 2000),
    seed: number('seed', values.seed, 0, 2 ** 31 - 1),
    scenario: values.scenario,
    keep: values.keep,
    watch: values.watch,
    help: values.help,
    ports,
  };
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return options;
}

function duration(text: string, problems: string[]): number {
  const [, amount, unit] = /^(\d+)(s|m|h)$/.exec(text) ?? [];
  const ms = Number(amount) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
  if (ms > 0) return ms;
  problems.push(`--for ${text}: give a duration such as 30s, 5m or 1h`);
  return 0;
}
