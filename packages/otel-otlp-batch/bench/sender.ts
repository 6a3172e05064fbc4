// A process with one batch processor, or none, that makes spans or log records in bursts, when it is told to.
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import { convertLegacyOtlpGrpcOptions, createOtlpGrpcExportDelegate } from '@opentelemetry/otlp-grpc-exporter-base';
import {
  LogsExporterMetricsHelper,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from '@opentelemetry/otlp-transformer';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { OtlpBatchLogRecordProcessor, OtlpBatchSpanProcessor } from '../src/index.ts';
import { logRecords, spans } from '../src/signal.ts';
import type { Burst, Processor, Records } from './measure.ts';

/** As many as one turn of the event loop ends, in a service under load. */
const PER_TURN = 100;
/** Large enough that nothing is dropped: a record that is dropped costs nothing. */
const settings = { maxQueueSize: 16_384, maxExportBatchSize: 4_096, scheduledDelayMillis: 200 };
const ATTRIBUTES = {
  'http.request.method': 'GET',
  'url.scheme': 'http',
  'url.path': '/api/users/12',
  'http.route': '/api/users/:id',
  'http.response.status_code': 200,
  'server.address': 'localhost',
  'user_agent.original': 'k6/2.2.0',
};

const [records, processor] = process.argv.slice(2) as [Records, Processor];
const { end, flush } = records === 'spans' ? endSpans() : emitLogRecords();

process.on('message', async (count: number) => {
  const start = process.cpuUsage();
  for (let left = count; left > 0; left -= PER_TURN) {
    for (let i = 0; i < PER_TURN; i++) end();
    await new Promise(setImmediate);
  }
  await flush();
  const { user, system } = process.cpuUsage(start);
  const burst: Burst = { cpuUs: (user + system) / count, rssMb: process.memoryUsage.rss() / 1024 ** 2 };
  process.send?.(burst);
});

function endSpans() {
  const batches = spanProcessor();
  const tracer = new TracerProvider({ spanProcessors: [batches] }).getTracer('bench');
  const end = () => {
    const span = tracer.startSpan(
      'GET /api/users/:id',
      { kind: SpanKind.SERVER, attributes: ATTRIBUTES },
      ROOT_CONTEXT,
    );
    span.setStatus({ code: SpanStatusCode.UNSET });
    span.end();
  };
  return { end, flush: () => batches.forceFlush() };
}

function spanProcessor(): SpanProcessor {
  if (processor === 'none') return { onStart() {}, onEnd() {}, async forceFlush() {}, async shutdown() {} };
  if (processor === 'this package') return new OtlpBatchSpanProcessor({ protocol: 'grpc', ...settings });
  const delegate = createOtlpGrpcExportDelegate(
    convertLegacyOtlpGrpcOptions({}, 'TRACES'),
    ProtobufTraceSerializer,
    'otlp_grpc_span_exporter',
    TraceExporterMetricsHelper,
    undefined,
    spans.grpcName,
    spans.grpcPath,
  );
  return new BatchSpanProcessor({ exporter: new OTLPExporterBase(delegate), ...settings });
}

function emitLogRecords() {
  const batches = logProcessor();
  const logger = new LoggerProvider({ processors: [batches] }).getLogger('bench');
  const span = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: TraceFlags.SAMPLED };
  const inSpan = trace.setSpanContext(context.active(), span);
  const end = () =>
    logger.emit({
      severityNumber: 9,
      severityText: 'INFO',
      body: 'request completed',
      attributes: ATTRIBUTES,
      context: inSpan,
    });
  return { end, flush: () => batches.forceFlush() };
}

function logProcessor(): LogRecordProcessor {
  if (processor === 'none') return { onEmit() {}, async forceFlush() {}, async shutdown() {} };
  if (processor === 'this package') return new OtlpBatchLogRecordProcessor({ protocol: 'grpc', ...settings });
  const delegate = createOtlpGrpcExportDelegate(
    convertLegacyOtlpGrpcOptions({}, 'LOGS'),
    ProtobufLogsSerializer,
    'otlp_grpc_log_exporter',
    LogsExporterMetricsHelper,
    undefined,
    logRecords.grpcName,
    logRecords.grpcPath,
  );
  return new BatchLogRecordProcessor({ exporter: new OTLPExporterBase(delegate), ...settings });
}
