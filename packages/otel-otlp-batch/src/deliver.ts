import { addAbortListener } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { context, diag, ROOT_CONTEXT } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, suppressTracing } from '@opentelemetry/core';
import type { Batch, Telemetry } from './batch.ts';
import type { Exporter } from './exporter.ts';
import { backoff, isRetryable } from './retry.ts';

interface Delivery {
  /** Of the records, to say what is tried again. */
  name: string;
  exportTimeoutMillis: number;
  /** Aborted when there is time for one more attempt, but not for another. */
  stopping: AbortSignal;
}

/**
 * Tries until the batch is delivered, until there is no use in it, or for `exportTimeoutMillis`; once `stopping`, for the
 * exporter's timeout at most. Once this has settled, the batch is asked for no more.
 *
 * @throws the last failure
 */
export async function deliver<T extends Telemetry>(
  batch: Batch<T>,
  exporter: Exporter<T>,
  { name, exportTimeoutMillis, stopping }: Delivery,
): Promise<void> {
  const deadline = performance.now() + exportTimeoutMillis;
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  // Without a hold on the process: a request that is open has its own.
  const limit = (millis: number) => setTimeout(() => reject(timeoutError(millis)), millis).unref();
  const timers = [limit(exportTimeoutMillis)];
  // Not before: the exporter still tries what is given up here, and another attempt beside it could deliver twice.
  using _ = addAbortListener(stopping, () => {
    timers.push(limit(Math.min(exporter.timeoutMillis, exportTimeoutMillis)));
  });
  try {
    await Promise.race([batch.settled(), timeout]);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await Promise.race([send(batch, exporter), timeout]);
      } catch (failure) {
        const wait = backoff(attempt);
        if (stopping.aborted || !isRetryable(failure) || performance.now() + wait > deadline) throw failure;
        if (attempt === 1) diag.warn(`An export of ${name} records failed and is tried again: ${String(failure)}`);
        await delay(wait, undefined, { signal: stopping, ref: false }).catch(() => {});
      }
    }
  } finally {
    timers.forEach(clearTimeout);
  }
}

function send<T extends Telemetry>(batch: Batch<T>, exporter: Exporter<T>): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = ({ code, error }: ExportResult) => {
      if (code === ExportResultCode.SUCCESS) resolve();
      else reject(error ?? new Error('The export failed.'));
    };
    // Not in the context of the request whose record was the last: a connection outlives it.
    context.with(suppressTracing(ROOT_CONTEXT), () => exporter.export(batch, done));
  });
}

function timeoutError(millis: number): Error {
  return Object.assign(new Error(`No answer within ${millis} ms.`), { name: 'TimeoutError' });
}
