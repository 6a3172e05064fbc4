import { context, diag, logs, metrics, propagation, trace } from '@opentelemetry/api';

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

export interface Said {
  warnings: string[];
  errors: string[];
}

/** What OpenTelemetry says by `diag` from now on; `onWarning` is called while it does. */
export function said(onWarning = () => {}): Said {
  const all: Said = { warnings: [], errors: [] };
  const ignore = () => {};
  diag.setLogger(
    {
      error: (text) => all.errors.push(text),
      warn: (text) => {
        all.warnings.push(text);
        onWarning();
      },
      info: ignore,
      debug: ignore,
      verbose: ignore,
    },
    { suppressOverrideMessage: true },
  );
  return all;
}
