export type { OtlpProtocol } from './exporter.ts';
export { type BatchProcessorOptions, OtlpBatchLogRecordProcessor, OtlpBatchSpanProcessor } from './processors.ts';
export type { BatchSettings } from './settings.ts';
export { withOtlpBatches } from './with-otlp-batches.ts';
