import type { Attributes, HrTime } from '@opentelemetry/api';
import type { DataPoint } from '@opentelemetry/sdk-metrics';

/** One measurement, and the span it was made in. */
export interface Exemplar {
  /** What was recorded or added. */
  readonly value: number;
  readonly timestamp: HrTime;
  /** Lower-case hex; both are absent outside a span (filter `always_on`). */
  readonly traceId?: string;
  readonly spanId?: string;
  /** The attributes of the measurement that a view took off the series. */
  readonly filteredAttributes: Attributes;
}

// Beside the data points and not on them: whatever reads them sees exactly what the SDK made.
const exemplarsByPoint = new WeakMap<object, readonly Exemplar[]>();

/**
 * The exemplars of a collected data point, the oldest first, at most one per bucket: for exporters other than
 * `createOtlpMetricExporter`, and for tests.
 */
export function exemplarsOf(point: DataPoint<unknown>): readonly Exemplar[] {
  return exemplarsByPoint.get(point) ?? [];
}

export function setExemplars(point: DataPoint<unknown>, exemplars: readonly Exemplar[]): void {
  if (exemplars.length > 0) exemplarsByPoint.set(point, exemplars);
}
