import { DataPointType, MetricReader } from '@opentelemetry/sdk-metrics';
import { Counter, Gauge, type OpenMetricsContentType, type Registry } from 'prom-client';

const PREFIX = 'otel.sdk.';
const LABELS = ['otel.component.name', 'otel.component.type', 'error.type', 'otel.span.sampling_result'] as const;
const labelNames = LABELS.map(underscored);

/** A reader that collects only when it is asked, which is at each scrape. */
class ScrapeReader extends MetricReader {
  /** Stays false with OTEL_SDK_DISABLED=true: then there is no SDK that counts anything. */
  started = false;
  protected override onInitialized(): void {
    this.started = true;
  }
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}
export const sdkMetrics = new ScrapeReader();

/** Copies what the SDK counts about itself (spans started, exported, dropped, queue length) into `registry`. */
export async function copySdkMetrics(registry: Registry<OpenMetricsContentType>): Promise<void> {
  if (!sdkMetrics.started) return;
  const { resourceMetrics } = await sdkMetrics.collect();
  for (const metric of resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)) {
    const { name, description } = metric.descriptor;
    if (!name.startsWith(PREFIX) || metric.dataPointType !== DataPointType.SUM) continue;
    const copy = copyOf(registry, underscored(name), description, metric.isMonotonic);
    copy.reset();
    for (const { attributes, value } of metric.dataPoints) {
      const labels = Object.fromEntries(
        LABELS.filter((label) => label in attributes).map((label) => [underscored(label), String(attributes[label])]),
      );
      copy.inc(labels, value);
    }
  }
}

function copyOf(
  registry: Registry<OpenMetricsContentType>,
  name: string,
  help: string,
  monotonic: boolean,
): Counter | Gauge {
  const existing = registry.getSingleMetric(name);
  if (existing) return existing as Counter | Gauge; // made below
  const options = { name, help: help || name, labelNames, registers: [registry] };
  return monotonic ? new Counter(options) : new Gauge(options);
}

function underscored(name: string): string {
  return name.replaceAll('.', '_');
}
