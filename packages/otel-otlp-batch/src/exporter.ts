import type { IOtlpExportDelegate } from '@opentelemetry/otlp-exporter-base';
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http';
import { convertLegacyOtlpGrpcOptions, createOtlpGrpcExportDelegate } from '@opentelemetry/otlp-grpc-exporter-base';
import type { Batch, Telemetry } from './batch.ts';
import type { Signal } from './signal.ts';

export type OtlpProtocol = 'grpc' | 'http/protobuf';

/**
 * The transport of the official exporters, which reads `OTEL_EXPORTER_OTLP_*` and `OTEL_EXPORTER_OTLP_{TRACES,LOGS}_*`
 * as they do: endpoint, headers, timeout, compression, certificates, retries.
 */
export function createExporter<T extends Telemetry>(
  protocol: OtlpProtocol,
  signal: Signal,
): IOtlpExportDelegate<Batch<T>> {
  const { variable, name, deserializeResponse } = signal;
  const serializer = { serializeRequest: (batch: Batch<T>) => batch.request(), deserializeResponse };
  const metrics = { name, countItems: (batch: Batch<T>) => batch.count };
  return protocol === 'grpc'
    ? createOtlpGrpcExportDelegate(
        convertLegacyOtlpGrpcOptions({}, variable),
        serializer,
        `otlp_grpc_${name}_exporter`,
        metrics,
        undefined,
        signal.grpcName,
        signal.grpcPath,
      )
    : createOtlpHttpExportDelegate(
        convertLegacyHttpOptions({}, variable, signal.httpPath, { 'Content-Type': 'application/x-protobuf' }),
        serializer,
        `otlp_http_${name}_exporter`,
        metrics,
        undefined,
      );
}
