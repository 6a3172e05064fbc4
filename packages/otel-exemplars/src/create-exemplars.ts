import type { Span } from '@opentelemetry/api';
import type { IMetricReader, ViewOptions } from '@opentelemetry/sdk-metrics';
import type { Exemplar } from './exemplar.ts';
import { type ExemplarFilter, exemplarFilterFromEnv } from './filter.ts';
import { decorateMeterProvider, type SdkMeterProvider } from './meter-provider.ts';
import { Recorder } from './recorder.ts';

export interface ExemplarOptions {
  /** Which measurements may become exemplars; by default what `OTEL_METRICS_EXEMPLAR_FILTER` says. */
  filter?: ExemplarFilter;
  /**
   * Called when a measurement becomes an exemplar, with the span that was active when it was made. A span that is still
   * open can be marked here, so that a tail sampler keeps it.
   */
  onExemplar?: (span: Span, exemplar: Exemplar) => void;
}

/** The three parts of a metrics SDK that exemplars need. */
export interface Exemplars {
  /** Lets a reader collect exemplars, and returns it: before a meter provider gets it. */
  reader<R extends IMetricReader>(reader: R): R;
  /** The same view; it also tells which series a measurement went to. */
  view(view: ViewOptions): ViewOptions;
  /** The same provider; what its histograms and counters measure can become an exemplar. */
  meterProvider(provider: SdkMeterProvider): SdkMeterProvider;
}

/**
 * Exemplars for a metrics SDK that is set up by hand; with NodeSDK use `withExemplars`.
 *
 * @example
 * const exemplars = createExemplars();
 * const exporter = createOtlpMetricExporter('grpc');
 * const readers = [exemplars.reader(new PeriodicExportingMetricReader({ exporter }))];
 * metrics.setGlobalMeterProvider(exemplars.meterProvider(new MeterProvider({ readers, views: views.map(exemplars.view) })));
 *
 * @see https://opentelemetry.io/docs/specs/otel/metrics/sdk/#exemplar
 */
export function createExemplars({ filter = exemplarFilterFromEnv(), onExemplar }: ExemplarOptions = {}): Exemplars {
  const recorder = new Recorder(filter, onExemplar);
  return {
    reader(reader) {
      const exemplars = recorder.addReader(reader);
      const setMetricProducer = reader.setMetricProducer.bind(reader);
      reader.setMetricProducer = (producer) =>
        setMetricProducer({ collect: (options) => exemplars.collect(producer, options) });
      return reader;
    },
    view: (view) => recorder.watch(view),
    meterProvider: (provider) => decorateMeterProvider(provider, recorder),
  };
}
