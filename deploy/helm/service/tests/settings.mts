/** What the chart says of the service. */
export interface Settings {
  name: string;
  /** Without a slash at its end. */
  url: string;
  /** GET requests that are answered with 2xx. */
  paths: string[];
  /** Page of its metrics; undefined when they go by OTLP. */
  metricsUrl: string | undefined;
  /** Continues the trace of its callers. */
  trusted: boolean;
  /** What it sends by OTLP. */
  signals: Signal[];
  /** The resource of what is sent here. */
  resource: Record<string, string>;
  waitSeconds: number;
  /** Has the variables OTEL_EXPORTER_OTLP_* of the service. */
  env: Record<string, string | undefined>;
}

export const SIGNALS = ['traces', 'metrics', 'logs'] as const;
export type Signal = (typeof SIGNALS)[number];

export function readSettings(env: Record<string, string | undefined>): Settings {
  const { SERVICE_NAME = '', SERVICE_URL = '', SERVICE_METRICS_URL, SERVICE_NAMESPACE = '', ENVIRONMENT = '' } = env;
  return {
    name: SERVICE_NAME,
    url: SERVICE_URL,
    paths: listed(env.PATHS),
    metricsUrl: SERVICE_METRICS_URL || undefined,
    trusted: env.TRUST_INBOUND_TRACE === 'true',
    signals: SIGNALS.filter((signal) => listed(env.SIGNALS).includes(signal)),
    resource: {
      'service.name': 'helm-test',
      'service.namespace': SERVICE_NAMESPACE,
      'deployment.environment.name': ENVIRONMENT,
    },
    waitSeconds: Number(env.WAIT_SECONDS ?? 60),
    env,
  };
}

function listed(text = ''): string[] {
  return text.split(' ').filter((one) => one !== '');
}
