import { type MeterProvider, TraceFlags } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { writeLogRecord } from './encode-log-record.ts';
import { writeSpan } from './encode-span.ts';
import { createExporter, type OtlpProtocol } from './exporter.ts';
import { Queue } from './queue.ts';
import { type BatchSettings, batchSettings } from './settings.ts';
import { logRecords, spans } from './signal.ts';

export interface BatchProcessorOptions extends Partial<BatchSettings> {
  /** Where the records go is said by `OTEL_EXPORTER_OTLP_*`. */
  protocol: OtlpProtocol;
  /** Where the processor's own metrics are recorded. */
  meterProvider?: MeterProvider;
}

/** A batch span processor that keeps OTLP bytes instead of spans. */
export class OtlpBatchSpanProcessor implements SpanProcessor {
  readonly #queue: Queue<ReadableSpan>;

  /** @param options what is not given is read from `OTEL_BSP_*` */
  constructor({ protocol, meterProvider, ...given }: BatchProcessorOptions) {
    this.#queue = new Queue(spans, batchSettings(spans, given), writeSpan, createExporter(protocol, spans));
    if (meterProvider) this.#queue.countWith(meterProvider);
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (span.spanContext().traceFlags & TraceFlags.SAMPLED) this.#queue.add(span);
  }

  forceFlush(): Promise<void> {
    return this.#queue.flush();
  }

  shutdown(): Promise<void> {
    return this.#queue.shutdown();
  }

  /** From now on, `otel.sdk.processor.span.*` is recorded there. */
  setMeterProvider(meterProvider: MeterProvider): void {
    this.#queue.countWith(meterProvider);
  }
}

/**
 * A batch log record processor that keeps OTLP bytes instead of log records. It sees them as they are when they are
 * emitted: put processors that change a record before it.
 */
export class OtlpBatchLogRecordProcessor implements LogRecordProcessor {
  readonly #queue: Queue<ReadableLogRecord>;

  /** @param options what is not given is read from `OTEL_BLRP_*` */
  constructor({ protocol, meterProvider, ...given }: BatchProcessorOptions) {
    const exporter = createExporter<ReadableLogRecord>(protocol, logRecords);
    this.#queue = new Queue(logRecords, batchSettings(logRecords, given), writeLogRecord, exporter);
    if (meterProvider) this.#queue.countWith(meterProvider);
  }

  onEmit(record: ReadableLogRecord): void {
    this.#queue.add(record);
  }

  forceFlush(): Promise<void> {
    return this.#queue.flush();
  }

  shutdown(): Promise<void> {
    return this.#queue.shutdown();
  }

  /** From now on, `otel.sdk.processor.log.*` is recorded there. */
  setMeterProvider(meterProvider: MeterProvider): void {
    this.#queue.countWith(meterProvider);
  }
}
