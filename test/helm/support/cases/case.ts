/** Something that the charts are rendered with. */
export interface Case {
  name: string;
  chart: string;
  release?: string;
  namespace?: string;
  /** Values files of the chart. */
  files?: string[];
  values?: object;
  /** Kept as deploy/helm/examples/NAME.yaml. */
  example?: true;
}

export const OTLP = { global: { otlp: { endpoint: 'http://alloy.monitoring:4317' } } };
export const SCRAPED = { name: 'prom-otel', scrape: { enabled: true } };
export const GATEWAY = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'traefik' } } }];
export const MONITORING = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }];
/** As long as Helm lets a release be. */
export const LONG = 'a-release-with-the-longest-name-that-helm-would-allow';
export const POLICY = { networkPolicy: { enabled: true } };
