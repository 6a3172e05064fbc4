import {
  type IExportLogsServiceResponse,
  type IExportTraceServiceResponse,
  type ISerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';

/** What differs between spans and log records, outside of their encoding. */
export interface Signal {
  /** In names of metrics. */
  name: 'span' | 'log';
  unit: string;
  /** In names of variables. */
  variable: 'TRACES' | 'LOGS';
  batchVariables: 'OTEL_BSP' | 'OTEL_BLRP';
  scheduledDelayMillis: number;
  httpPath: string;
  grpcName: string;
  grpcPath: string;
  deserializeResponse: ISerializer<
    never,
    IExportTraceServiceResponse | IExportLogsServiceResponse
  >['deserializeResponse'];
}

export const spans: Signal = {
  name: 'span',
  unit: '{span}',
  variable: 'TRACES',
  batchVariables: 'OTEL_BSP',
  scheduledDelayMillis: 5_000,
  httpPath: 'v1/traces',
  grpcName: 'TraceExportService',
  grpcPath: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  deserializeResponse: (response) => ProtobufTraceSerializer.deserializeResponse(response),
};

export const logRecords: Signal = {
  name: 'log',
  unit: '{log_record}',
  variable: 'LOGS',
  batchVariables: 'OTEL_BLRP',
  scheduledDelayMillis: 1_000,
  httpPath: 'v1/logs',
  grpcName: 'LogsExportService',
  grpcPath: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
  deserializeResponse: (response) => ProtobufLogsSerializer.deserializeResponse(response),
};
