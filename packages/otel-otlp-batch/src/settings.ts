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
  /** How long an export holds up the next one. */
  exportTimeoutMillis: number;
}

/**
 * Those given, else those of `OTEL_BSP_*` or `OTEL_BLRP_*`, else the specification's defaults.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#batch-span-processor
 */
export function batchSettings(
  { batchVariables, scheduledDelayMillis }: Signal,
  given: Partial<BatchSettings> = {},
): BatchSettings {
  const setting = (name: string, fallback: number) => {
    const variable = `${batchVariables}_${name}`;
    const value = getNumberFromEnv(variable) ?? fallback;
    if (value > 0) return value;
    diag.warn(`${variable}=${value} is no number above 0: using ${fallback}.`);
    return fallback;
  };
  const settings = {
    maxQueueSize: setting('MAX_QUEUE_SIZE', 2_048),
    maxExportBatchSize: setting('MAX_EXPORT_BATCH_SIZE', 512),
    scheduledDelayMillis: setting('SCHEDULE_DELAY', scheduledDelayMillis),
    exportTimeoutMillis: setting('EXPORT_TIMEOUT', 30_000),
    ...given,
  };
  return { ...settings, maxExportBatchSize: Math.min(settings.maxExportBatchSize, settings.maxQueueSize) };
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
