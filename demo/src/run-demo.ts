import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { TallyRecord } from '@clew/evidence';
import { type BackendProcess, startBackend } from './backend-process.ts';
import { type Child, ending, explain } from './child.ts';
import type { Options, PortName } from './options.ts';
import { releaseFullOtel } from './release/full-otel.ts';
import type { Gateway } from './release/gateway.ts';
import { type PlayedScenario, playScenario } from './scenario.ts';
import { type ServiceProcess, startService } from './service-process.ts';
import { showStatus } from './status.ts';
import { startTraffic, type Traffic } from './traffic.ts';

const STOP_TIMEOUT_MS = 40_000;
/** A connection to a process that has died fails so much earlier, at most, than its end is known. */
const DEATH_MS = 1_000;

// Shorter intervals than a real deployment has, so that what happened is seen at once.
const QUICK = {
  OTEL_METRIC_EXPORT_INTERVAL: '2000',
  DRAIN_DELAY: '0',
  METRICS_LINGER: '5000',
};
const SCRAPE_INTERVAL_MS = 2000;

interface DemoOptions {
  options: Options;
  ports: Record<PortName, number>;
  /** Where the evidence goes. */
  file: string;
  /** For what is not kept. */
  folder: string;
  /** Ends the run. */
  stop: AbortSignal;
}

/**
 * Runs backend, services and traffic until `stop` or the time is over, then stops them in an order that loses nothing. A
 * scenario of load/ takes the place of the traffic as soon as that has made a trace to look at, and ends the run.
 *
 * @returns k6's exit code; 0 without a scenario
 * @throws when one of them does not start or ends by itself, with its name and last lines
 */
export async function runDemo({ options, ports, file, folder, stop }: DemoOptions): Promise<number> {
  const startedAt = performance.now();
  const children: Child[] = [];
  await using cleanUp = new AsyncDisposableStack();
  let traffic: Traffic | undefined;
  cleanUp.defer(async () => {
    for (const child of children) child.process.kill('SIGKILL'); // only after a failure is one still there
    await traffic?.stop();
  });
  step('local backend');
  // By the environment: everybody on the machine can read a command line.
  const token = process.env.FAULTS_ADMIN_TOKEN || randomUUID();
  const backend = await startBackend(backendArgs(ports, file), { FAULTS_ADMIN_TOKEN: token });
  children.push(backend);

  step('full-otel and prom-otel');
  const url = (name: PortName) => `http://127.0.0.1:${ports[name]}`;
  const env = {
    ...QUICK,
    FAULTS_ADMIN_TOKEN: token,
    OTEL_EXPORTER_OTLP_ENDPOINT: backend.otlpGrpc,
    TRUST_INBOUND_TRACE: 'true',
    EXPOSE_TRACE_ID: 'true',
  };
  const { watch } = options;
  const stdout = backend.openLogStream('prom-otel');
  const starting = await Promise.allSettled([
    startService(
      'full-otel',
      { ...env, PORT: `${ports['full-otel-port']}`, PEER_URL: url('prom-otel-port') },
      { watch },
    ),
    startService(
      'prom-otel',
      {
        ...env,
        PORT: `${ports['prom-otel-port']}`,
        METRICS_PORT: `${ports['metrics-port']}`,
        PEER_URL: url('full-otel-port'),
      },
      { watch, onLine: stdout.write },
    ),
  ]);
  const services = starting.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  children.push(...services);
  for (const one of starting) if (one.status === 'rejected') throw one.reason;
  const peer = { PEER_URL: url('prom-otel-port') };
  const gateway = await releaseFullOtel({ port: ports['gateway-port'], token, env: { ...env, ...peer } });
  cleanUp.defer(() => gateway.stop().catch(() => {})); // settle() has said it

  const targets = Object.fromEntries(services.map((service) => [service.name, service.url]));
  traffic = startTraffic({ targets, rate: options.rate, seed: options.seed, runId: randomUUID() });
  console.log(`Running after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.\n`);
  await unlessOneDies(children, showFirstTrace(backend, services, stop));

  let played: PlayedScenario = { code: 0, tallies: [] };
  const { scenario: name, forMs, seed } = options;
  if (name === undefined) {
    using _status = showStatus(backend, traffic);
    await unlessOneDies(children, untilOver(forMs, stop));
  } else {
    await traffic.stop();
    const failed = new AbortController();
    cleanUp.defer(() => failed.abort());
    const stopK6 = AbortSignal.any([stop, failed.signal]);
    const scenario = playScenario({
      name,
      services,
      backendUrl: backend.api,
      gatewayUrl: gateway.url,
      token,
      seed,
      folder,
      stop: stopK6,
    });
    played = await unlessOneDies(children, scenario);
  }

  step('stopping: traffic, services, local backend');
  await settle({ backend, services, gateway, traffic, tallies: played.tallies, endLogs: stdout.end });
  return played.code;
}

function backendArgs(ports: Record<PortName, number>, file: string): string[] {
  const names = ['otlp-grpc-port', 'otlp-http-port', 'api-port'] as const;
  const metrics = `http://127.0.0.1:${ports['metrics-port']}/metrics`;
  const labels = 'service_name=prom-otel;service_namespace=clew;deployment_environment_name=development';
  return [
    ...names.flatMap((name) => [`--${name}`, `${ports[name]}`]),
    '--file',
    file,
    '--scrape',
    `${metrics};${labels}`,
    ...(['full-otel', 'prom-otel'] as const).flatMap((name) => [
      '--fault-target',
      `${name}=http://127.0.0.1:${ports[`${name}-port`]}`,
    ]),
    '--scrape-interval',
    `${SCRAPE_INTERVAL_MS}`,
  ];
}

/** Prints where to look, with the first trace that crosses both services and has its logs. */
async function showFirstTrace(backend: BackendProcess, services: ServiceProcess[], stop: AbortSignal): Promise<void> {
  for (const { name, url } of services) console.log(`  ${name.padEnd(14)}${url}`);
  console.log(`  ${'local backend'.padEnd(14)}${backend.api}   OTLP at ${backend.otlpGrpc} and ${backend.otlpHttp}`);
  const until = performance.now() + 15_000;
  while (!stop.aborted && performance.now() < until) {
    const traces = await backend.get<{ traceId: string }[]>('/api/traces?route=/api/data&limit=20');
    for (const { traceId } of traces) {
      const trace = await backend.get<{ spans: object[]; logs: object[] }>(`/api/traces/${traceId}`);
      if (trace.spans.length < 3 || trace.logs.length < 2) continue;
      console.log(
        `  a linked trace  ${backend.api}/#/trace/${traceId}  (${trace.spans.length} spans, ${trace.logs.length} log lines)\n`,
      );
      return;
    }
    await delay(200);
  }
}

/** Resolves when the time is over or the user stops. */
async function untilOver(forMs: number | undefined, stop: AbortSignal): Promise<void> {
  const timeOver = forMs === undefined ? [] : [delay(forMs, undefined, { signal: stop }).catch(() => {})];
  const stopped = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve());
  });
  await Promise.race([...timeOver, stopped]);
}

/** What `work` comes to, unless a process ends by itself before; what fails because one has ended waits for its name. */
async function unlessOneDies<T>(children: Child[], work: Promise<T>): Promise<T> {
  const died = children.map(async (child) => {
    await child.ended;
    throw new Error(explain(`${child.name} ${ending(child.process)} in the midst of the run`, child.lastLines()));
  });
  for (const death of died) death.catch(() => {}); // from then on they are meant to end
  const explained = work.catch(async (error) => {
    await Promise.race([...died, delay(DEATH_MS)]);
    throw error;
  });
  return Promise.race([explained, ...died]);
}

/** Nobody sends, then nobody answers, then everything is stored: in this order the counts must agree. */
async function settle(run: {
  backend: BackendProcess;
  services: ServiceProcess[];
  gateway: Gateway;
  traffic: Traffic;
  /** What a scenario has sent besides. */
  tallies: TallyRecord[];
  endLogs: () => Promise<void>;
}): Promise<void> {
  await run.traffic.stop();
  const tallies = run.traffic.tallies().map((tally) => ({ generator: 'demo', ...tally }));
  const stopSenders = async () => {
    await run.backend.send('POST', '/api/tallies', [...tallies, ...run.tallies]);
    const [codes] = await Promise.all([
      Promise.all(run.services.map((service) => service.stop(STOP_TIMEOUT_MS))),
      run.gateway.stop(),
    ]);
    await run.endLogs();
    return codes;
  };
  const codes = await unlessOneDies([run.backend], stopSenders());
  const backendCode = await run.backend.stop(STOP_TIMEOUT_MS);
  for (const [i, code] of [...codes, backendCode].entries()) {
    const child = [...run.services, run.backend][i] as Child; // as many codes as children
    const asked = `when it was asked to stop, for which it has ${STOP_TIMEOUT_MS / 1000} s`;
    if (code !== 0) throw new Error(explain(`${child.name} ${ending(child.process)} ${asked}`, child.lastLines()));
  }
}

function step(what: string): void {
  console.log(`${what} ...`);
}
