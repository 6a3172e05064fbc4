import { type Attributes, createNoopMeter, type MeterProvider } from '@opentelemetry/api';
import type { Signal } from './signal.ts';

/** What a processor counts about itself. */
export interface ProcessorMetrics {
  /** Records whose processing has ended: delivered, or failed with an `error.type`. */
  count(records: number, errorType?: string): void;
}

const instances = new Map<string, number>();

/**
 * `otel.sdk.processor.{span|log}.*`, with the names and attributes of the SDK's own batch processors.
 *
 * @param meterProvider where they are recorded; nowhere without one
 * @see https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/
 */
export function processorMetrics(
  { name, unit }: Signal,
  queue: { readonly capacity: number; readonly size: number },
  meterProvider?: MeterProvider,
): ProcessorMetrics {
  const meter = meterProvider?.getMeter('@clew/otel-otlp-batch') ?? createNoopMeter();
  const attributes = meterProvider ? componentAttributes(`batching_${name}_processor`) : {};
  const processed = meter.createCounter(`otel.sdk.processor.${name}.processed`, {
    unit,
    description: 'Records whose processing has ended, delivered or with an error.type.',
  });
  meter
    .createUpDownCounter(`otel.sdk.processor.${name}.queue.capacity`, {
      unit,
      description: 'How many records the queue can hold.',
    })
    .add(queue.capacity, attributes);
  meter
    .createObservableUpDownCounter(`otel.sdk.processor.${name}.queue.size`, {
      unit,
      description: 'How many records wait in the queue.',
    })
    .addCallback((result) => result.observe(queue.size, attributes));
  return {
    count: (records, errorType) =>
      processed.add(records, errorType ? { ...attributes, 'error.type': errorType } : attributes),
  };
}

function componentAttributes(type: string): Attributes {
  const instance = instances.get(type) ?? 0;
  instances.set(type, instance + 1);
  return { 'otel.component.type': type, 'otel.component.name': `${type}/${instance}` };
}
