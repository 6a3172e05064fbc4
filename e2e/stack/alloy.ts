import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble } from '../../alloy/assemble.ts';
import { freePort } from '../../test/harness/free-port.ts';
import type { LineShipper } from './pino-to-loki.ts';
import { type Services, startServices } from './services.ts';
import { createStore, type Store } from './store.ts';
import type { Stores } from './stores.ts';

/** The program: by ALLOY_BIN, or on PATH. */
export const ALLOY = process.env.ALLOY_BIN ?? 'alloy';

export interface Pipeline {
  alloy: Store;
  /** Of Alloy's own API and metrics. */
  url: string;
  services: Services;
}

/** Both services, and Alloy in the role `static` between them and the stores, as configured in alloy/. */
export async function startBehindAlloy(namespace: string, stores: Stores, percent: number): Promise<Pipeline> {
  const folder = join(stores.folder, 'alloy');
  const [port, grpc, http] = [await freePort(), await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const stdout = join(folder, 'stdout');
  const config = join(folder, 'config');
  assemble('static', config);
  mkdirSync(stdout);

  // First the services, since Alloy has to be told where to scrape. Until it is there, spans and lines are tried again, and
  // metrics come with the next export.
  const otlp = `http://127.0.0.1:${grpc}`;
  const services = await startServices(namespace, {
    traces: otlp,
    metrics: otlp,
    logs: otlp,
    protocol: 'grpc',
    lines: ({ service_name }) => linesInto(join(stdout, `${service_name}.log`)),
  });
  const alloy = createStore({
    name: 'alloy',
    program: ALLOY,
    folder,
    args: () => [
      'run',
      `--server.http.listen-addr=127.0.0.1:${port}`,
      `--storage.path=${join(folder, 'data')}`,
      '--disable-reporting',
      config,
    ],
    env: {
      OTLP_GRPC_LISTEN: `127.0.0.1:${grpc}`,
      OTLP_HTTP_LISTEN: `127.0.0.1:${http}`,
      PROM_OTEL_METRICS: services.target.address,
      LOG_FILES: join(stdout, '*.log'),
      SERVICE_NAMESPACE: namespace,
      TRACES_SAMPLED_PERCENT: String(percent),
      METRICS_URL: `${stores.prometheus.url}/api/v1/write`,
      LOGS_URL: `${stores.loki.url}/loki/api/v1/push`,
      LOGS_OTLP_URL: stores.loki.logsEndpoint.replace('/v1/logs', ''),
      TRACES_URL: stores.jaeger.tracesEndpoint.replace('/v1/traces', ''),
    },
    readyUrl: `${url}/-/ready`,
  });
  try {
    await alloy.start();
  } catch (error) {
    services.kill();
    throw error;
  }
  return { alloy, url, services };
}

/** Lines into a file, as a container runtime keeps stdout. */
function linesInto(file: string): LineShipper {
  writeFileSync(file, '');
  return { write: (line) => appendFileSync(file, `${line}\n`), end: () => Promise.resolve(), abandon() {} };
}
