import { context, type DiagLogger, diag, logs, metrics, propagation, trace } from '@opentelemetry/api';

/** Sets `OTEL_*` variables, and no others, until it is disposed of; then nothing global is left of the SDK either. */
export function environment(variables: Record<string, string>): Disposable {
  const before = process.env;
  const others = Object.entries(before).filter(([name]) => !name.startsWith('OTEL_'));
  process.env = { ...Object.fromEntries(others), ...variables };
  return {
    [Symbol.dispose]() {
      process.env = before;
      for (const api of [metrics, trace, logs, context, propagation, diag]) api.disable();
    },
  };
}

/** The warnings that OpenTelemetry writes from now on. */
export function warnings(): string[] {
  const written: string[] = [];
  const ignore = () => {};
  const logger: DiagLogger = {
    error: ignore,
    warn: (text) => written.push(text),
    info: ignore,
    debug: ignore,
    verbose: ignore,
  };
  diag.setLogger(logger, { suppressOverrideMessage: true });
  return written;
}
