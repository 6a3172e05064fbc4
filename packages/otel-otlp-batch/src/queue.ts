import { diag, type MeterProvider } from '@opentelemetry/api';
import { globalErrorHandler } from '@opentelemetry/core';
import { Batch, type Telemetry, type WriteRecord } from './batch.ts';
import { deliver } from './deliver.ts';
import type { Exporter } from './exporter.ts';
import { type ProcessorMetrics, processorMetrics } from './processor-metrics.ts';
import type { BatchSettings } from './settings.ts';
import type { Signal } from './signal.ts';

// gRPC receivers take messages of 4 MiB, unless they are told otherwise. What a batch has besides its records fits in
// the rest.
const MAX_BATCH_BYTES = 3.5 * 1024 * 1024;
// A flush has a deadline, so it does not wait for one answer after the other. Exporters take 30 requests at once, of which
// one may be under way.
const FLUSH_LANES = 24;

/**
 * What a batch processor does between a record's end and its export: one export at a time, of at most
 * `maxExportBatchSize` records and 3.5 MiB, as soon as there is so much or `scheduledDelayMillis` after the first. A
 * record that finds `maxQueueSize` waiting is dropped and counted.
 *
 * @see https://opentelemetry.io/docs/specs/otel/trace/sdk/#batching-processor
 */
export class Queue<T extends Telemetry> {
  readonly #signal: Signal;
  readonly #settings: BatchSettings;
  readonly #writeRecord: WriteRecord<T>;
  readonly #exporter: Exporter<T>;
  #metrics: ProcessorMetrics;
  #open: Batch<T>;
  readonly #full: Batch<T>[] = [];
  /** The last batch that was exported: its buffers are used again. */
  #spare: Batch<T> | undefined;
  #size = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  /** A getter in the body of a log may emit another one: that is not written into the midst of the first. */
  #encoding = false;
  #exporting: Promise<void> | undefined;
  #flushing: Promise<void> | undefined;
  readonly #stopping = new AbortController();
  #shutdown: Promise<void> | undefined;

  constructor(signal: Signal, settings: BatchSettings, writeRecord: WriteRecord<T>, exporter: Exporter<T>) {
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

  /** Encodes the record. It is not kept. Never throws: a record that cannot be encoded is counted and said. */
  add(record: T): void {
    if (this.#shutdown) this.#metrics.count(1, 'already_shutdown');
    else if (this.#encoding) this.#metrics.count(1, 'emitted_while_encoding');
    else if (this.#size >= this.#settings.maxQueueSize) this.#drop();
    else this.#keep(record);
  }

  #keep(record: T): void {
    this.#sayDropped();
    try {
      this.#encode(record);
      this.#size += 1;
    } catch (failure) {
      this.#metrics.count(1, errorType(failure));
      diag.error(`A record for the ${this.#signal.name} queue cannot be encoded, and is lost.`, failure);
    }
    if (this.#open.count >= this.#settings.maxExportBatchSize) this.#close();
    this.#exportNext();
  }

  #encode(record: T): void {
    this.#encoding = true;
    try {
      if (this.#open.add(record, MAX_BATCH_BYTES)) return;
      this.#close();
      this.#open.add(record, MAX_BATCH_BYTES);
    } finally {
      this.#encoding = false;
    }
  }

  /**
   * Exports all that waits now, and waits for what is being exported already. Rejects, at the end, with the first failure
   * of an export.
   */
  async flush(): Promise<void> {
    this.#close();
    const waiting = this.#full.splice(0);
    const failures: unknown[] = [];
    const lane = async () => {
      for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
        // A shutdown has no time to hear from every batch that nobody takes them.
        if (this.#stopping.signal.aborted && failures.length > 0) this.#lose(batch, failures[0]);
        else await this.#export(batch).catch((failure) => failures.push(failure));
      }
    };
    const lanes = Array.from({ length: FLUSH_LANES }, lane);
    this.#flushing = Promise.all([this.#flushing, this.#exporting, ...lanes]).then(() => {}); // keeps no results
    await this.#flushing;
    if (failures.length > 0) throw failures[0];
  }

  /** Exports all that waits. Records that come later are counted as `already_shutdown`. */
  shutdown(): Promise<void> {
    this.#stopping.abort();
    this.#shutdown ??= this.flush().finally(() => {
      this.#sayDropped();
      this.#exporter.shutdown().catch(globalErrorHandler); // not awaited: it waits for attempts that were given up
    });
    return this.#shutdown;
  }

  // What is said here may come back as a log record: so it is said last.

  #drop(): void {
    this.#dropped += 1;
    this.#metrics.count(1, 'queue_full');
    if (this.#dropped === 1) diag.warn(`The ${this.#signal.name} queue is full: records are dropped.`);
  }

  #sayDropped(): void {
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (dropped > 0) diag.warn(`The ${this.#signal.name} queue was full: ${dropped} records were dropped.`);
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

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#close();
      this.#exportNext();
    }, this.#settings.scheduledDelayMillis);
    this.#timer.unref();
  }

  #lose(batch: Batch<T>, failure: unknown): void {
    this.#size -= batch.count;
    this.#metrics.count(batch.count, errorType(failure));
  }

  async #export(batch: Batch<T>): Promise<void> {
    this.#size -= batch.count;
    try {
      await deliver(batch, this.#exporter, {
        name: this.#signal.name,
        exportTimeoutMillis: this.#settings.exportTimeoutMillis,
        stopping: this.#stopping.signal,
      });
      this.#metrics.count(batch.count);
    } catch (failure) {
      this.#metrics.count(batch.count, errorType(failure));
      throw failure;
    } finally {
      batch.clear();
      this.#spare = batch;
    }
  }
}

function errorType(failure: unknown): string {
  return failure instanceof Error ? failure.name : '_OTHER'; // the conventions' word for it
}
