import { ConsoleMetricExporter, type IMetricReader, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { createOtlpMetricExporter } from './otlp-exporter.ts';

// Node's timers take what is longer for 1 ms.
const LONGEST_TIMER = 2 ** 31 - 1;

type Warn = (message: string) => void;

/**
 * The metric readers that NodeSDK would make from `OTEL_METRICS_EXPORTER`, `OTEL_EXPORTER_OTLP_(METRICS_)PROTOCOL`,
 * `OTEL_METRIC_EXPORT_INTERVAL` and `OTEL_METRIC_EXPORT_TIMEOUT`, but with an OTLP exporter that sends exemplars.
 * Undefined where NodeSDK has to make them, because none could send exemplars or not all can be made here.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function metricReadersFromEnv(warn: Warn): IMetricReader[] | undefined {
  const exporters = new Set(list('OTEL_METRICS_EXPORTER') ?? ['otlp']);
  if (!exporters.has('otlp') || exporters.has('none')) return undefined;
  const foreign = [...exporters].filter((name) => name !== 'otlp' && name !== 'console');
  const protocol =
    text('OTEL_EXPORTER_OTLP_METRICS_PROTOCOL') ?? text('OTEL_EXPORTER_OTLP_PROTOCOL') ?? 'http/protobuf';
  if (foreign.length > 0 || (protocol !== 'grpc' && protocol !== 'http/protobuf')) {
    warn(
      `No exemplars with ${foreign[0] ? `the metric exporter "${foreign[0]}"` : `the OTLP protocol "${protocol}"`}.`,
    );
    return undefined;
  }
  return [...exporters].map((name) =>
    name === 'otlp'
      ? new PeriodicExportingMetricReader({
          exporter: createOtlpMetricExporter(protocol, warn),
          ...periodFromEnv(warn),
        })
      : new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() }),
  );
}

function periodFromEnv(warn: Warn): { exportIntervalMillis: number; exportTimeoutMillis: number } {
  const exportIntervalMillis = milliseconds('OTEL_METRIC_EXPORT_INTERVAL', 60_000, warn);
  const exportTimeoutMillis = milliseconds('OTEL_METRIC_EXPORT_TIMEOUT', 30_000, warn);
  return { exportIntervalMillis, exportTimeoutMillis: Math.min(exportTimeoutMillis, exportIntervalMillis) };
}

function milliseconds(variable: string, fallback: number, warn: Warn): number {
  const value = Number(text(variable) ?? fallback);
  if (value > 0) return Math.min(value, LONGEST_TIMER);
  warn(`${variable}="${process.env[variable]}" is no number above 0: using ${fallback}.`);
  return fallback;
}

function list(variable: string): string[] | undefined {
  const names = text(variable)
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return names?.length ? names : undefined;
}

/** An empty value means unset. */
function text(variable: string): string | undefined {
  return process.env[variable]?.trim() || undefined;
}
