import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startBackend } from '../../demo/src/backend-process.ts';
import { explain } from '../../demo/src/child.ts';
import { releaseFullOtel } from '../../demo/src/release/full-otel.ts';
import { startService } from '../../demo/src/service-process.ts';
import { freePort } from '../../test/harness/free-port.ts';

const STOP_TIMEOUT_MS = 40_000;
const TOKEN = 'e2e-token';

/** Both services, a gateway and the local backend, as `npm start` runs them, without its traffic. */
export interface Stack {
  /** For the runner of load/. */
  args: string[];
  /** `127.0.0.1:9464`, where prom-otel is scraped. */
  scraped: string;
  env: Record<string, string>;
  /** Stops everything in the order of the demo, in which nothing is lost. @returns the file of the evidence */
  settle(): Promise<string>;
}

/** @param env settings of both services besides those of the demo */
export async function startStack(t: TestContext, env: Record<string, string> = {}): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'clew-e2e-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'evidence.sqlite');
  const [fullPort, promPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
  const metrics = `http://127.0.0.1:${metricsPort}/metrics`;
  const labels = 'service_name=prom-otel;service_namespace=clew;deployment_environment_name=development';
  const ports = ['--otlp-grpc-port', '--otlp-http-port', '--api-port'].flatMap((flag) => [flag, '0']);
  const scrape = ['--scrape', `${metrics};${labels}`, '--scrape-interval', '2000'];
  const backend = await startBackend([...ports, '--file', file, ...scrape]);
  t.after(() => backend.process.kill('SIGKILL'));
  const stdout = backend.openLogStream('prom-otel');
  const urls = { 'full-otel': `http://127.0.0.1:${fullPort}`, 'prom-otel': `http://127.0.0.1:${promPort}` };
  const common = {
    OTEL_BSP_SCHEDULE_DELAY: '500',
    OTEL_BLRP_SCHEDULE_DELAY: '500',
    OTEL_METRIC_EXPORT_INTERVAL: '2000',
    DRAIN_DELAY: '0',
    METRICS_LINGER: '5000',
    OTEL_EXPORTER_OTLP_ENDPOINT: backend.otlpGrpc,
    TRUST_INBOUND_TRACE: 'true',
    EXPOSE_TRACE_ID: 'true',
    FAULTS_ADMIN_TOKEN: TOKEN,
    ...env,
  };
  const services = await Promise.all([
    startService('full-otel', { ...common, PORT: `${fullPort}`, PEER_URL: urls['prom-otel'] }),
    startService(
      'prom-otel',
      { ...common, PORT: `${promPort}`, METRICS_PORT: `${metricsPort}`, PEER_URL: urls['full-otel'] },
      { onLine: stdout.write },
    ),
  ]);
  for (const service of services) {
    void service.ended.then((code) => {
      if (code !== 0) t.diagnostic(explain(`${service.name} ended with ${code}`, service.lastLines()));
    });
    t.after(() => service.process.kill('SIGKILL'));
  }

  const gateway = await releaseFullOtel({
    port: 0,
    token: TOKEN,
    env: { ...common, PEER_URL: urls['prom-otel'] },
  });
  t.after(() => gateway.stop().catch(() => {})); // settle() has said it

  return {
    scraped: new URL(metrics).host,
    args: [
      ...Object.entries(urls).flatMap(([name, url]) => ['--target', `${name}=${url}`]),
      '--backend',
      backend.api,
      '--metrics',
      metrics,
      '--gateway',
      gateway.url,
    ],
    env: { FAULTS_ADMIN_TOKEN: TOKEN, ...env },
    async settle() {
      await Promise.all([...services.map((service) => service.stop(STOP_TIMEOUT_MS)), gateway.stop()]);
      await stdout.end();
      await backend.stop(STOP_TIMEOUT_MS);
      return file;
    },
  };
}
