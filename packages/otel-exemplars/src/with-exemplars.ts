import { diag, type MeterProvider, metrics } from '@opentelemetry/api';
import type { IMetricReader, ViewOptions } from '@opentelemetry/sdk-metrics';
import { createExemplars, type ExemplarOptions, type Exemplars } from './create-exemplars.ts';
import { exemplarFilterFromEnv } from './filter.ts';
import type { SdkMeterProvider } from './meter-provider.ts';
import { metricReadersFromEnv } from './readers-from-env.ts';

/** The part of NodeSDK's configuration that is read and changed here. */
interface Configuration {
  instrumentations?: unknown[];
  metricReaders?: IMetricReader[];
  views?: ViewOptions[];
}

/**
 * A configuration of NodeSDK, made to give exemplars. The standard variables keep their meaning; where there can be no
 * exemplars (`OTEL_METRICS_EXEMPLAR_FILTER=always_off`, no OTLP metrics, http/json) it is as good as unchanged, and what
 * is not as asked for is said by `diag` when the SDK starts. The configuration's own `metricReaders` are kept: give them
 * a `createOtlpMetricExporter`.
 *
 * @example
 * const sdk = new NodeSDK(withExemplars({ instrumentations: [new UndiciInstrumentation()] }));
 * sdk.start(); // instruments made from now on give exemplars
 */
export function withExemplars<C extends object>(
  configuration: C & Configuration,
  { onExemplar, filter: given }: ExemplarOptions = {},
): C {
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  const filter = given ?? exemplarFilterFromEnv(warn);
  const readers = filter === 'always_off' ? undefined : (configuration.metricReaders ?? metricReadersFromEnv(warn));
  const exemplars = readers && createExemplars({ filter, ...(onExemplar && { onExemplar }) });
  return {
    ...configuration,
    ...(exemplars && { metricReaders: readers.map(exemplars.reader) }),
    ...(exemplars && configuration.views && { views: configuration.views.map(exemplars.view) }),
    instrumentations: [atStart(warnings, exemplars), ...(configuration.instrumentations ?? [])],
  };
}

/**
 * NodeSDK hands its meter provider to every instrumentation as soon as it is the global one. So the first of them can
 * put the decorated one in its place, before anything has made an instrument.
 */
function atStart(warnings: string[], exemplars: Exemplars | undefined) {
  return {
    instrumentationName: '@clew/otel-exemplars',
    instrumentationVersion: '0.1.0',
    getConfig: () => ({ enabled: false }),
    setConfig() {},
    setTracerProvider() {},
    setMeterProvider(provider: MeterProvider) {
      if (!exemplars || !isSdkMeterProvider(provider)) return;
      metrics.disable();
      metrics.setGlobalMeterProvider(exemplars.meterProvider(provider));
    },
    enable() {
      for (const warning of warnings) diag.warn(warning);
    },
    disable() {},
  };
}

/** False for the API's own provider, which instrumentations are given first. */
function isSdkMeterProvider(provider: MeterProvider): provider is SdkMeterProvider {
  return 'shutdown' in provider && 'forceFlush' in provider;
}
