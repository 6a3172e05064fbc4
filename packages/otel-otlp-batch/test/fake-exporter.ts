import { setImmediate } from 'node:timers/promises';
import { type Context, context } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { Batch, Telemetry } from '../src/batch.ts';
import type { Exporter } from '../src/exporter.ts';

interface Request {
  /** How many records, as the batch says. */
  count: number;
  /** As an exporter takes them: when it is called. */
  bytes: Buffer;
  context: Context;
}

/** Keeps what it is given; it answers when the test says so, or at once. */
export class FakeExporter<T extends Telemetry> implements Exporter<T> {
  readonly requests: Request[] = [];
  readonly unanswered: ((error?: Error) => void)[] = [];
  answersAtOnce = true;
  timeoutMillis = 10_000;
  isShutdown = false;

  export(batch: Batch<T>, done: (result: ExportResult) => void): void {
    this.requests.push({ count: batch.count, bytes: batch.request(), context: context.active() });
    const answer = (error?: Error) =>
      done(error ? { code: ExportResultCode.FAILED, error } : { code: ExportResultCode.SUCCESS });
    if (this.answersAtOnce) answer();
    else this.unanswered.push(answer);
  }

  /** To the oldest request without an answer; waits until there is one. */
  async answer(error?: Error): Promise<void> {
    for (const end = Date.now() + 5_000; this.unanswered.length === 0; await setImmediate()) {
      if (Date.now() > end) throw new Error('No request within 5 s.');
    }
    this.unanswered.shift()?.(error);
  }

  get counts(): number[] {
    return this.requests.map(({ count }) => count);
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {
    this.isShutdown = true;
  }

  setMetrics(): void {}
}
