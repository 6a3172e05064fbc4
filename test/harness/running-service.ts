import { setTimeout as delay } from 'node:timers/promises';
import { openLogStream } from '../../demo/src/log-stream.ts';
import { type ServiceProcess, startService } from '../../demo/src/service-process.ts';
import type { LocalBackend } from '../../packages/local-backend/src/index.ts';
import { type Answer, type Request, sendRequest } from './requests.ts';
import type { ServiceUnderTest } from './services.ts';

const STOP_TIMEOUT_MS = 60_000;
const SCRAPE_INTERVAL_MS = 200;

/** What every service of the tests gets, unless a test says otherwise: free ports, short intervals, a quick stop. */
const QUICK = {
  PORT: '0',
  METRICS_PORT: '0',
  DRAIN_DELAY: '0',
  MAX_EVENT_LOOP_DELAY: '60000', // a busy machine refuses nothing that a test counts
  METRICS_LINGER: '10000',
  TRUST_INBOUND_TRACE: 'true',
  OTEL_BSP_SCHEDULE_DELAY: '100',
  OTEL_BLRP_SCHEDULE_DELAY: '100',
  OTEL_METRIC_EXPORT_INTERVAL: '500',
};

export type Environment = Record<string, string>;

/** One service as a process of its own. */
export interface RunningService extends AsyncDisposable, Omit<ServiceProcess, 'stop'> {
  under: ServiceUnderTest;
  /** Every line on stdout and stderr so far. */
  output: string[];
  /** The lines of `output` that are log lines, with this message where one is asked for. */
  logLines(msg?: string): Record<string, unknown>[];
  /** Sends a request, which has to be answered as it says, and tallies it. */
  send(request: Request): Promise<Answer>;
  /** Sends SIGTERM, scrapes until the process has ended, and resolves with its exit code when its stdout is stored. */
  stop(): Promise<number | null>;
}

/** Starts a service that sends to `backend`; disposing of it kills a process that is still there. */
export async function runService(
  under: ServiceUnderTest,
  backend: LocalBackend,
  env: Environment = {},
): Promise<RunningService> {
  const output: string[] = [];
  const stdout = under.logs === 'stdout' ? openLogStream(backend.apiUrl, under.name) : undefined;
  const settings = { ...QUICK, OTEL_EXPORTER_OTLP_ENDPOINT: backend.grpcUrl, ...env };
  const onLine = (line: string): void => {
    output.push(line);
    stdout?.write(line);
  };
  const started = await startService(under.name, settings, { onLine }).catch(async (error) => {
    await stdout?.end();
    throw error;
  });
  const { url, metricsUrl, process, ended } = started;
  process.stderr?.setEncoding('utf8').on('data', (text: string) => output.push(...text.trimEnd().split('\n')));
  if (metricsUrl !== undefined) backend.addTarget({ url: metricsUrl, labels: targetLabels(under.name) });

  let running = true;
  const finished = ended.then(async (code) => {
    running = false;
    await stdout?.end();
    return code;
  });
  return {
    ...started,
    under,
    output,
    logLines: (msg) => output.flatMap(parseLogLine).filter((line) => msg === undefined || line.msg === msg),
    send: (request) => sendRequest({ url, service: under.name, evidence: backend.evidence }, request),
    async stop() {
      const stopped = started.stop(STOP_TIMEOUT_MS);
      while (running && metricsUrl !== undefined) {
        await backend.scrapeNow();
        await Promise.race([finished, delay(SCRAPE_INTERVAL_MS)]);
      }
      await finished;
      return stopped;
    },
    async [Symbol.asyncDispose]() {
      process.kill('SIGKILL');
      await finished;
    },
  };
}

function targetLabels(service: string): Record<string, string> {
  return { service_name: service, service_namespace: 'clew', deployment_environment_name: 'development' };
}

function parseLogLine(line: string): Record<string, unknown>[] {
  try {
    return line.startsWith('{') ? [JSON.parse(line)] : [];
  } catch {
    return [];
  }
}
