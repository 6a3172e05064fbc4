import { setTimeout as delay } from 'node:timers/promises';
import { context, diag, type MeterProvider } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, globalErrorHandler, suppressTracing } from '@opentelemetry/core';
import type { IOtlpExportDelegate } from '@opentelemetry/otlp-exporter-base';
import { Batch, type Telemetry, type WriteRecord } from './batch.ts';
import { type ProcessorMetrics, processorMetrics } from './processor-metrics.ts';
import { backoff, isRetryable } from './retry.ts';
import type { BatchSettings } from './settings.ts';
import type { Signal } from './signal.ts';

// gRPC receivers take messages of 4 MiB, unless they are told otherwise. What a batch has besides its records fits in
// the rest, and so does a last record of common size.
const MAX_BATCH_BYTES = 3.5 * 1024 * 1024;
// A flush has a deadline, so it does not wait for one answer after the other. Exporters take 30 requests at once.
const FLUSH_LANES = 8;

/**
 * What a batch processor does between a record's end and its export: one export at a time, of at most
 * `maxExportBatchSize` records, as soon as there are so many or `scheduledDelayMillis` after the first. A record that
 * finds `maxQueueSize` waiting is dropped and counted.
 *
 * @see https://opentelemetry.io/docs/specs/otel/trace/sdk/#batching-processor
 */
export class Queue<T extends Telemetry> {
  readonly #signal: Signal;
  readonly #settings: BatchSettings;
  readonly #writeRecord: WriteRecord<T>;
  readonly #exporter: IOtlpExportDelegate<Batch<T>>;
  #metrics: ProcessorMetrics;
  #open: Batch<T>;
  readonly #full: Batch<T>[] = [];
  /** The last batch that was exported: its buffers are used again. */
  #spare: Batch<T> | undefined;
  #size = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #exporting: Promise<void> | undefined;
  readonly #stopping = new AbortController();
  #shutdown: Promise<void> | undefined;

  constructor(
    signal: Signal,
    settings: BatchSettings,
    writeRecord: WriteRecord<T>,
    exporter: IOtlpExportDelegate<Batch<T>>,
  ) {
    this.#signal = signal;
    this.#settings = settings;
    this.#writeRecord = writeRecord;
    this.#exporter = exporter;
    this.#metrics = processorMetrics(signal, this);
    this.#open = new Batch(writeRecord);
  }

  /** How many records can wait. */
  get capacity(): number {
    return this.#settings.maxQueueSize;
  }

  /** How many records wait. Those that are being exported are not among them. */
  get size(): number {
    return this.#size;
  }

  /** From now on, what happens to records is counted there. */
  countWith(meterProvider: MeterProvider): void {
    this.#metrics = processorMetrics(this.#signal, this, meterProvider);
  }

  /** Encodes the record. It is not kept. */
  add(record: T): void {
    if (this.#shutdown) this.#metrics.count(1, 'already_shutdown');
    else if (this.#size >= this.#settings.maxQueueSize) this.#drop();
    else this.#keep(record);
  }

  #keep(record: T): void {
    if (this.#dropped > 0) this.#sayDropped();
    this.#open.add(record);
    this.#size += 1;
    if (this.#open.count >= this.#settings.maxExportBatchSize || this.#open.bytes >= MAX_BATCH_BYTES) {
      this.#close();
      this.#exportNext();
    } else if (!this.#timer && !this.#exporting) {
      this.#schedule();
    }
  }

  /** Exports all that waits now. Rejects, at the end, with the first failure of an export. */
  async flush(): Promise<void> {
    this.#close();
    const waiting = this.#full.splice(0);
    const failures: unknown[] = [];
    const lane = async () => {
      for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
        await this.#export(batch).catch((failure) => failures.push(failure));
      }
    };
    await Promise.all([this.#exporting, ...Array.from({ length: FLUSH_LANES }, lane)]);
    if (failures.length > 0) throw failures[0];
  }

  /** Exports all that waits. Records that come later are counted as `already_shutdown`. */
  shutdown(): Promise<void> {
    this.#stopping.abort();
    this.#shutdown ??= this.flush().finally(() => this.#exporter.shutdown());
    return this.#shutdown;
  }

  #drop(): void {
    if (this.#dropped === 0) diag.warn(`The ${this.#signal.name} queue is full: records are dropped.`);
    this.#dropped += 1;
    this.#metrics.count(1, 'queue_full');
  }

  #sayRetrying(failure: unknown): void {
    const { name } = this.#signal;
    diag.warn(
      `An export of ${name} records failed and is tried again: ${failure instanceof Error ? failure.message : failure}`,
    );
  }

  #sayDropped(): void {
    diag.warn(`The ${this.#signal.name} queue was full: ${this.#dropped} records were dropped.`);
    this.#dropped = 0;
  }

  /** The open batch takes no more records. */
  #close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#open.count === 0) return;
    this.#full.push(this.#open);
    this.#open = this.#spare ?? new Batch(this.#writeRecord);
    this.#spare = undefined;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#close();
      this.#exportNext();
    }, this.#settings.scheduledDelayMillis);
    this.#timer.unref();
  }

  #exportNext(): void {
    if (this.#exporting) return;
    const batch = this.#full.shift();
    if (batch) {
      this.#exporting = this.#export(batch)
        .catch(globalErrorHandler)
        .then(() => {
          this.#exporting = undefined;
          this.#exportNext();
        });
    } else if (this.#open.count > 0 && !this.#timer) {
      this.#schedule();
    }
  }

  async #export(batch: Batch<T>): Promise<void> {
    this.#size -= batch.count;
    try {
      await batch.settled();
      await this.#deliver(batch);
      this.#metrics.count(batch.count);
    } catch (failure) {
      this.#metrics.count(batch.count, failure instanceof Error ? failure.name : 'export_failed');
      throw failure;
    } finally {
      batch.clear();
      this.#spare = batch;
    }
  }

  /** Tries until it is delivered, until there is no use in it, or for `exportTimeoutMillis`. */
  async #deliver(batch: Batch<T>): Promise<void> {
    const deadline = performance.now() + this.#settings.exportTimeoutMillis;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(batch, deadline - performance.now());
      } catch (failure) {
        const wait = backoff(attempt);
        const hopeless = this.#shutdown || !isRetryable(failure) || performance.now() + wait > deadline;
        if (hopeless) throw failure;
        if (attempt === 1) this.#sayRetrying(failure);
        // A shutdown ends the wait: there is time for one more attempt.
        await delay(wait, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => {});
      }
    }
  }

  #attempt(batch: Batch<T>, timeoutMillis: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(timeoutError(this.#settings)), timeoutMillis);
      const done = ({ code, error }: ExportResult) => {
        clearTimeout(timer);
        if (code === ExportResultCode.SUCCESS) resolve();
        else reject(error ?? new Error('The export failed.'));
      };
      context.with(suppressTracing(context.active()), () => this.#exporter.export(batch, done));
    });
  }
}

function timeoutError({ exportTimeoutMillis }: BatchSettings): Error {
  return Object.assign(new Error(`No answer within ${exportTimeoutMillis} ms.`), { name: 'TimeoutError' });
}
