import { type ServiceProcess, startService } from '../../demo/src/service-process.ts';
import { freePort } from '../../test/harness/free-port.ts';
import { type LineShipper, shipLines } from './pino-to-loki.ts';
import type { Target } from './prometheus.ts';
import type { Stores } from './stores.ts';

const STOP_TIMEOUT_MS = 60_000;
export const EXPORT_TIMEOUT_MS = 10_000;
/** At the most: of so many records it is not known what became of them, when a store stops before it has answered. */
export const RECORDS_PER_EXPORT = 512;

/** Where telemetry goes. */
export interface Endpoints {
  traces: string;
  metrics: string;
  logs: string;
  headers?: Record<string, string>;
  /** Without it http/protobuf, as Prometheus and Loki take nothing else. */
  protocol?: 'grpc';
  /** Takes the lines of prom-otel's stdout. @param labels that each has to have in Loki */
  lines: (labels: Record<string, string>) => LineShipper;
}

/** Each signal to the endpoint of its own store. */
export function straightTo({ prometheus, loki, jaeger }: Stores): Endpoints {
  return {
    traces: jaeger.tracesEndpoint,
    metrics: prometheus.metricsEndpoint,
    logs: loki.logsEndpoint,
    lines: (labels) => shipLines({ url: loki.url, labels }),
  };
}

/** full-otel and prom-otel beside real stores; each is the peer of the other. */
export interface Services {
  all: ServiceProcess[];
  /** prom-otel's metrics, with the labels that full-otel's have from their resource. */
  target: Target;
  /** Stops both; resolves when every line of prom-otel is in Loki. */
  stop(): Promise<void>;
  kill(): void;
}

/** @param namespace `service.namespace` of both */
export async function startServices(namespace: string, endpoints: Endpoints): Promise<Services> {
  const [fullPort, promPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
  const { headers = {}, protocol = 'http/protobuf' } = endpoints;
  const list = Object.entries(headers).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const common = {
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoints.traces,
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoints.metrics,
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: endpoints.logs,
    OTEL_EXPORTER_OTLP_HEADERS: list.join(','),
    // For so long a store may be away before something is lost: 30 s by default, for metrics 4 s.
    OTEL_EXPORTER_OTLP_TIMEOUT: `${EXPORT_TIMEOUT_MS}`,
    OTEL_BSP_EXPORT_TIMEOUT: `${EXPORT_TIMEOUT_MS}`,
    OTEL_BLRP_EXPORT_TIMEOUT: `${EXPORT_TIMEOUT_MS}`,
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: `${RECORDS_PER_EXPORT}`,
    OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: `${RECORDS_PER_EXPORT}`,
    OTEL_METRIC_EXPORT_INTERVAL: '2000',
    OTEL_RESOURCE_ATTRIBUTES: `service.namespace=${namespace}`,
    DRAIN_DELAY: '0',
    METRICS_LINGER: '10000',
    TRUST_INBOUND_TRACE: 'true',
  };
  const labels = { service_namespace: namespace, deployment_environment_name: 'development' };
  const shipper = endpoints.lines({ service_name: 'prom-otel', ...labels });
  const all: ServiceProcess[] = [];
  try {
    all.push(
      await startService('full-otel', { ...common, PORT: `${fullPort}`, PEER_URL: `http://127.0.0.1:${promPort}` }),
    );
    const own = { PORT: `${promPort}`, METRICS_PORT: `${metricsPort}`, PEER_URL: `http://127.0.0.1:${fullPort}` };
    all.push(await startService('prom-otel', { ...common, ...own }, { onLine: shipper.write }));
  } catch (error) {
    shipper.abandon();
    for (const service of all) service.process.kill('SIGKILL');
    throw error;
  }

  return {
    all,
    target: { address: `127.0.0.1:${metricsPort}`, labels: { service_name: 'prom-otel', ...labels } },
    async stop() {
      await Promise.all(all.map((service) => service.stop(STOP_TIMEOUT_MS)));
      await shipper.end();
    },
    kill() {
      shipper.abandon();
      for (const service of all) service.process.kill('SIGKILL');
    },
  };
}
