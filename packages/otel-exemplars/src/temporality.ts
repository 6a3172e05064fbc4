import { diag } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type AggregationTemporalitySelector,
  InstrumentType,
} from '@opentelemetry/sdk-metrics';

const VARIABLE = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';

const { COUNTER, HISTOGRAM, GAUGE, OBSERVABLE_COUNTER, OBSERVABLE_GAUGE } = InstrumentType;
const DELTA_INSTRUMENTS: Record<string, InstrumentType[]> = {
  cumulative: [],
  delta: [COUNTER, HISTOGRAM, GAUGE, OBSERVABLE_COUNTER, OBSERVABLE_GAUGE],
  lowmemory: [COUNTER, HISTOGRAM],
};

/**
 * The temporality of each kind of instrument under `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`, as the official
 * exporters choose it; cumulative when it is unset, empty or unknown.
 *
 * @see https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/
 */
export function temporalityFromEnv(
  warn: (message: string) => void = (message) => diag.warn(message),
): AggregationTemporalitySelector {
  const preference = process.env[VARIABLE]?.trim().toLowerCase() || 'cumulative';
  const delta = DELTA_INSTRUMENTS[preference];
  if (!delta) warn(`${VARIABLE}="${preference}" is none of cumulative, delta and lowmemory: using cumulative.`);
  return (type) => (delta?.includes(type) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE);
}
