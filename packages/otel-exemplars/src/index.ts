export { createExemplars, type ExemplarOptions, type Exemplars } from './create-exemplars.ts';
export { type Exemplar, exemplarsOf } from './exemplar.ts';
export type { ExemplarFilter } from './filter.ts';
export { createOtlpMetricExporter, type OtlpProtocol } from './otlp-exporter.ts';
export { withExemplars } from './with-exemplars.ts';
