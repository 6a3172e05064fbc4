import { diag } from '@opentelemetry/api';
import { getNumberFromEnv, getStringFromEnv, getStringListFromEnv } from '@opentelemetry/core';
import type { OtlpProtocol } from './exporter.ts';
import type { Signal } from './signal.ts';

/** The settings of a batch processor, as the specification names them. Times in milliseconds. */
export interface BatchSettings {
  /** Records that wait for their export; what comes beyond that is dropped. */
  maxQueueSize: number;
  /** Records in one request. */
  maxExportBatchSize: number;
  /** From the first record of a batch to its export. */
  scheduledDelayMillis: number;
  /** How long an export holds up the next one; 0 for as long as it takes. */
  exportTimeoutMillis: number;
}

// Node's timers take what is longer for 1 ms.
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Those given, else those of `OTEL_BSP_*` or `OTEL_BLRP_*`, else the specification's defaults, which also stand in for
 * what is out of range: a warning says so.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#batch-span-processor
 */
export function batchSettings(
  { batchVariables, scheduledDelayMillis }: Signal,
  given: Partial<BatchSettings> = {},
): BatchSettings {
  const setting = (key: keyof BatchSettings, name: string, fallback: number, least: number) => {
    const variable = `${batchVariables}_${name}`;
    const value = given[key] ?? getNumberFromEnv(variable) ?? fallback;
    if (value >= least) return value;
    diag.warn(`${key} (${variable}) is ${value}, not ${least} or more: using ${fallback}.`);
    return fallback;
  };
  const maxQueueSize = setting('maxQueueSize', 'MAX_QUEUE_SIZE', 2_048, 1);
  const maxExportBatchSize = setting('maxExportBatchSize', 'MAX_EXPORT_BATCH_SIZE', 512, 1);
  const delay = setting('scheduledDelayMillis', 'SCHEDULE_DELAY', scheduledDelayMillis, 0);
  const timeout = setting('exportTimeoutMillis', 'EXPORT_TIMEOUT', 30_000, 0) || LONGEST_TIMER;
  if (maxExportBatchSize > maxQueueSize) {
    diag.warn(
      `maxExportBatchSize (${batchVariables}_MAX_EXPORT_BATCH_SIZE) is more than the queue holds: using ${maxQueueSize}.`,
    );
  }
  return {
    maxQueueSize,
    maxExportBatchSize: Math.min(maxExportBatchSize, maxQueueSize),
    scheduledDelayMillis: Math.min(delay, LONGEST_TIMER),
    exportTimeoutMillis: Math.min(timeout, LONGEST_TIMER),
  };
}

/**
 * The protocol in which the signal goes out, if OTLP in protobuf is all that `OTEL_{TRACES,LOGS}_EXPORTER` and
 * `OTEL_EXPORTER_OTLP_({TRACES,LOGS}_)PROTOCOL` ask for; else undefined.
 */
export function otlpProtocol({ variable }: Signal): OtlpProtocol | undefined {
  const exporters = getStringListFromEnv(`OTEL_${variable}_EXPORTER`) ?? [];
  if (exporters.some((name) => name !== 'otlp')) return undefined;
  const protocol =
    getStringFromEnv(`OTEL_EXPORTER_OTLP_${variable}_PROTOCOL`) ??
    getStringFromEnv('OTEL_EXPORTER_OTLP_PROTOCOL') ??
    'http/protobuf';
  return protocol === 'grpc' || protocol === 'http/protobuf' ? protocol : undefined;
}
