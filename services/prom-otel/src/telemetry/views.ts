import { createAllowListAttributesProcessor, type ViewOptions } from '@opentelemetry/sdk-metrics';

/**
 * What the SDK counts of its spans, without the attributes that nobody asks for. A request has two or three of these
 * counts, and finding the series of each took a tenth of its CPU time.
 */
export const views: ViewOptions[] = [
  counting('otel.sdk.span.started', ['otel.span.sampling_result']),
  counting('otel.sdk.span.live', []),
];

function counting(instrumentName: string, attributes: string[]): ViewOptions {
  return { instrumentName, attributesProcessors: [createAllowListAttributesProcessor(attributes)] };
}
