import { MeterProvider, type MetricData, MetricReader } from '@opentelemetry/sdk-metrics';

class Reader extends MetricReader {
  protected override async onShutdown() {}
  protected override async onForceFlush() {}
}

/** A meter provider, and what was recorded there. */
export function selfMetrics() {
  const reader = new Reader();
  const collect = async (): Promise<MetricData[]> => {
    const { resourceMetrics } = await reader.collect();
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
  };
  return {
    meterProvider: new MeterProvider({ readers: [reader] }),
    collect,
    /** Records processed, by `error.type`; delivered ones under `ok`. */
    async processed(): Promise<Record<string, unknown>> {
      const counter = (await collect()).find(({ descriptor }) => descriptor.name.endsWith('.processed'));
      const points = counter?.dataPoints ?? [];
      return Object.fromEntries(points.map(({ attributes, value }) => [attributes['error.type'] ?? 'ok', value]));
    },
    /** The value of a gauge-like metric of one series. */
    async value(suffix: string): Promise<unknown> {
      const metric = (await collect()).find(({ descriptor }) => descriptor.name.endsWith(suffix));
      return metric?.dataPoints[0]?.value;
    },
  };
}
