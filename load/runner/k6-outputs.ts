interface Outputs {
  /** OTLP/HTTP base URL. */
  otlp: string | undefined;
  remoteWrite: string | undefined;
  json: string | undefined;
}

/** Arguments and variables that make k6 send its own metrics. */
export function k6Outputs({ otlp, remoteWrite, json }: Outputs): { args: string[]; env: Record<string, string> } {
  const args: string[] = [];
  const env: Record<string, string> = {};
  if (otlp !== undefined) {
    const { host, protocol, pathname } = new URL(otlp);
    args.push('--out', 'opentelemetry');
    Object.assign(env, {
      K6_OTEL_EXPORTER_PROTOCOL: 'http/protobuf',
      K6_OTEL_HTTP_EXPORTER_ENDPOINT: host,
      K6_OTEL_HTTP_EXPORTER_INSECURE: String(protocol === 'http:'),
      K6_OTEL_HTTP_EXPORTER_URL_PATH: `${pathname.replace(/\/+$/, '')}/v1/metrics`,
      K6_OTEL_METRIC_PREFIX: 'k6_',
      K6_OTEL_SERVICE_NAME: 'k6',
    });
  }
  if (remoteWrite !== undefined) {
    args.push('--out', 'experimental-prometheus-rw');
    env.K6_PROMETHEUS_RW_SERVER_URL = remoteWrite;
  }
  if (json !== undefined) args.push('--out', `json=${json}`);
  return { args, env };
}
