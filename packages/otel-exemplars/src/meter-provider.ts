import { type Meter, type MeterProvider, type MetricOptions, ValueType } from '@opentelemetry/api';
import { InstrumentType } from '@opentelemetry/sdk-metrics';
import type { Instrument } from './aggregation.ts';
import type { Recorder } from './recorder.ts';
import type { Scope } from './stream.ts';

/** A meter provider that can be shut down: the SDK's, and not the one of the API that does nothing. */
export interface SdkMeterProvider extends MeterProvider {
  shutdown(): Promise<void>;
  forceFlush(): Promise<void>;
}

/** The same provider; what its histograms and counters measure is offered as exemplars. */
export function decorateMeterProvider(provider: SdkMeterProvider, recorder: Recorder): SdkMeterProvider {
  return {
    getMeter: (name, version = '', options = {}) =>
      decorateMeter(provider.getMeter(name, version, options), { name, version, ...options }, recorder),
    shutdown: () => provider.shutdown(),
    forceFlush: () => provider.forceFlush(),
  };
}

// Only what has buckets or only grows gives exemplars; every other instrument is the SDK's own.
function decorateMeter(meter: Meter, scope: Scope, recorder: Recorder): Meter {
  return {
    createHistogram(name, options) {
      const histogram = meter.createHistogram(name, options);
      const instrument = describe(name, InstrumentType.HISTOGRAM, options);
      return { record: recorder.observe(scope, instrument, histogram.record.bind(histogram)) };
    },
    createCounter(name, options) {
      const counter = meter.createCounter(name, options);
      const instrument = describe(name, InstrumentType.COUNTER, options);
      return { add: recorder.observe(scope, instrument, counter.add.bind(counter)) };
    },
    createUpDownCounter: meter.createUpDownCounter.bind(meter),
    createGauge: meter.createGauge.bind(meter),
    createObservableCounter: meter.createObservableCounter.bind(meter),
    createObservableUpDownCounter: meter.createObservableUpDownCounter.bind(meter),
    createObservableGauge: meter.createObservableGauge.bind(meter),
    addBatchObservableCallback: meter.addBatchObservableCallback.bind(meter),
    removeBatchObservableCallback: meter.removeBatchObservableCallback.bind(meter),
  };
}

function describe(name: string, type: Instrument['type'], options: MetricOptions = {}): Instrument {
  const { unit = '', valueType = ValueType.DOUBLE, advice = {} } = options;
  return { name, type, unit, valueType, advice };
}
