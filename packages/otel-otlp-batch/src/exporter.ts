import type { IOtlpExportDelegate } from '@opentelemetry/otlp-exporter-base';
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http';
import { convertLegacyOtlpGrpcOptions, createOtlpGrpcExportDelegate } from '@opentelemetry/otlp-grpc-exporter-base';
import type { Batch, Telemetry } from './batch.ts';
import type { Signal } from './signal.ts';

export type OtlpProtocol = 'grpc' | 'http/protobuf';

/** An official exporter, of batches. */
export interface Exporter<T extends Telemetry> extends IOtlpExportDelegate<Batch<T>> {
  /** `OTEL_EXPORTER_OTLP_TIMEOUT`, or that of the signal. Over HTTP it may take longer: by the wait before its last try. */
  readonly timeoutMillis: number;
}

/**
 * The transport of the official exporters, which reads `OTEL_EXPORTER_OTLP_*` and `OTEL_EXPORTER_OTLP_{TRACES,LOGS}_*`
 * as they do: endpoint, headers, timeout, compression, certificates, retries.
 */
export function createExporter<T extends Telemetry>(protocol: OtlpProtocol, signal: Signal): Exporter<T> {
  const { variable, name, deserializeResponse } = signal;
  const serializer = { serializeRequest: (batch: Batch<T>) => batch.request(), deserializeResponse };
  const metrics = { name, countItems: (batch: Batch<T>) => batch.count };
  if (protocol === 'grpc') {
    const options = convertLegacyOtlpGrpcOptions({}, variable);
    const delegate = createOtlpGrpcExportDelegate(
      options,
      serializer,
      `otlp_grpc_${name}_exporter`,
      metrics,
      undefined,
      signal.grpcName,
      signal.grpcPath,
    );
    return Object.assign(delegate, { timeoutMillis: options.timeoutMillis });
  }
  const options = convertLegacyHttpOptions({}, variable, signal.httpPath, { 'Content-Type': 'application/x-protobuf' });
  const delegate = createOtlpHttpExportDelegate(options, serializer, `otlp_http_${name}_exporter`, metrics, undefined);
  return Object.assign(delegate, { timeoutMillis: options.timeoutMillis });
}
