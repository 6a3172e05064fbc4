/** A service under load. */
export interface Target {
  /** Its `service.name`. */
  name: string;
  /** Base URL without a slash at the end. */
  url: string;
}

/** What a run is told by environment variables; load/README.md has the table. */
export interface Settings {
  targets: Target[];
  /** `fast` plays every scenario in at most 35 s. */
  pace: 'normal' | 'fast';
  runId: string;
  seed: number;
  /** Factor on every rate. */
  rate: number;
  /** `false` plays the same without its fault: the thresholds that look for it must then fail. */
  fault: boolean;
  adminToken: string | undefined;
  traces: 'baggage' | 'traceparent' | 'spans';
  otlpUrl: string;
  backendUrl: string | undefined;
  metricsUrl: string | undefined;
  /** What releases versions of the first target, and stands in front of them. */
  gatewayUrl: string | undefined;
  /** How much, where a scenario leaves a choice: smoke does. */
  profile: 'smoke' | 'stress' | 'soak' | 'breakpoint';
  /** What the services were started with: `PEER_TIMEOUT` in milliseconds, `PEER_RETRIES`, `PEER_RETRY_BUDGET`. */
  peer: { timeoutMs: number; retries: number; retryBudget: number };
  /** The most that a scenario does that can hurt a stack, and whether it may do so on another machine. */
  cap: number | undefined;
  yes: boolean;
  /** Folder for summary.json and junit.xml. */
  summary: string | undefined;
}

type Env = Record<string, string | undefined>;

const LOCAL = 'full-otel=http://127.0.0.1:8080,prom-otel=http://127.0.0.1:8081';

/**
 * Reads the settings of a run from its environment.
 *
 * @param flags for the words of an error: the options that variables were given by
 * @throws {Error} that names every variable with a bad value, and what would be right.
 */
export function readSettings(env: Env, flags: Record<string, string> = {}): Settings {
  const problems: string[] = [];
  const given = (name: string) => `${flags[name] === undefined ? '' : `${flags[name]}, `}${name}=${env[name]}`;
  const text = (name: string) => (env[name] === '' ? undefined : env[name]);
  const number = (name: string, fallback: number, min: number, max: number): number => {
    const value = Number(text(name) ?? fallback);
    if (!(value >= min && value <= max)) problems.push(`${given(name)}: give a number from ${min} to ${max}`);
    return value;
  };
  const oneOf = <Value extends string>(name: string, values: readonly [Value, ...Value[]]): Value => {
    const value = values.find((one) => one === (text(name) ?? values[0]));
    if (value === undefined) problems.push(`${given(name)}: give one of ${values.join(', ')}`);
    return value ?? values[0];
  };
  const url = (name: string): string | undefined => {
    const value = text(name)?.replace(/\/+$/, '');
    if (value !== undefined && !isUrl(value)) problems.push(`${given(name)}: give an http or https URL`);
    return value;
  };

  const runId = text('RUN_ID') ?? 'by-hand';
  // The services drop other baggage.
  if (!/^[\w.-]{1,64}$/.test(runId)) problems.push(`${given('RUN_ID')}: give 1 to 64 letters, digits, "_", "." or "-"`);
  const settings: Settings = {
    targets: readTargets(text('TARGETS') ?? LOCAL, flags.TARGETS ?? 'TARGETS', problems),
    pace: oneOf('PACE', ['normal', 'fast']),
    runId,
    seed: number('SEED', 1, 0, 2 ** 32 - 1),
    rate: number('RATE', 1, 0.01, 1000),
    fault: oneOf('FAULT', ['on', 'off']) === 'on',
    adminToken: text('FAULTS_ADMIN_TOKEN'),
    traces: oneOf('TRACES', ['baggage', 'traceparent', 'spans']),
    otlpUrl: url('OTLP_URL') ?? 'http://127.0.0.1:4318',
    backendUrl: url('BACKEND_URL'),
    metricsUrl: url('METRICS_URL'),
    gatewayUrl: url('GATEWAY_URL'),
    profile: oneOf('PROFILE', ['smoke', 'stress', 'soak', 'breakpoint']),
    peer: {
      timeoutMs: number('PEER_TIMEOUT', 2000, 1, 10_000),
      retries: number('PEER_RETRIES', 2, 0, 5),
      retryBudget: number('PEER_RETRY_BUDGET', 0.1, 0, 1),
    },
    cap: text('CAP') === undefined ? undefined : number('CAP', 1, 1, 1_000_000),
    yes: text('YES') === 'true',
    summary: text('SUMMARY'),
  };
  if (problems.length > 0) throw new Error(`the settings of this run cannot be used:\n  ${problems.join('\n  ')}`);
  return settings;
}

/** `name=URL,name=URL` */
function readTargets(value: string, name: string, problems: string[]): Target[] {
  const targets = value.split(',').map((part) => {
    const [, service = '', url = ''] = /^([\w.-]+)=(.+)$/.exec(part.trim()) ?? [];
    if (!isUrl(url)) problems.push(`${name}: "${part}" is not SERVICE=URL, such as full-otel=http://127.0.0.1:8080`);
    return { name: service, url: url.replace(/\/+$/, '') };
  });
  const names = targets.map(({ name }) => name);
  if (new Set(names).size < names.length) problems.push(`${name}: ${names.join(', ')}: each service once`);
  return targets;
}

function isUrl(value: string): boolean {
  return /^https?:\/\/[^\s/]+/.test(value);
}
