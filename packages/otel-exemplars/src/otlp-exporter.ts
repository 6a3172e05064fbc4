import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http';
import { convertLegacyOtlpGrpcOptions, createOtlpGrpcExportDelegate } from '@opentelemetry/otlp-grpc-exporter-base';
import { MetricsExporterMetricsHelper } from '@opentelemetry/otlp-transformer';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { exemplarMetricsSerializer } from './serializer.ts';
import { temporalityFromEnv } from './temporality.ts';

export type OtlpProtocol = 'grpc' | 'http/protobuf';

/**
 * An OTLP metric exporter that sends exemplars. It is made of the parts of the official exporters, so that it reads
 * `OTEL_EXPORTER_OTLP_*` and `OTEL_EXPORTER_OTLP_METRICS_*` as they do: endpoint, headers, timeout, compression,
 * certificates, temporality preference.
 *
 * @param warn is told about a temporality preference that does not exist
 */
export function createOtlpMetricExporter(protocol: OtlpProtocol, warn?: (message: string) => void): PushMetricExporter {
  const exporter = new OTLPExporterBase(protocol === 'grpc' ? grpcDelegate() : httpDelegate());
  return Object.assign(exporter, { selectAggregationTemporality: temporalityFromEnv(warn) });
}

function grpcDelegate() {
  return createOtlpGrpcExportDelegate(
    convertLegacyOtlpGrpcOptions({}, 'METRICS'),
    exemplarMetricsSerializer,
    'otlp_grpc_metric_exporter',
    MetricsExporterMetricsHelper,
    undefined,
    'MetricsExportService',
    '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  );
}

function httpDelegate() {
  return createOtlpHttpExportDelegate(
    convertLegacyHttpOptions({}, 'METRICS', 'v1/metrics', { 'Content-Type': 'application/x-protobuf' }),
    exemplarMetricsSerializer,
    'otlp_http_metric_exporter',
    MetricsExporterMetricsHelper,
    undefined,
  );
}
