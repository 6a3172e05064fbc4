import { inspect } from 'node:util';
import { context, DiagLogLevel, diag, ROOT_CONTEXT } from '@opentelemetry/api';
import { logger } from './logger.ts';

const QUIET_MS = 10_000;

/**
 * Sends the SDK's own diagnostics (failed exports, bad settings) to the service's log, at most one line per level in
 * ten seconds, with the number of those left out. Without this a failed export is silent. Call it before NodeSDK is made.
 */
export function logDiagnostics(): void {
  diag.setLogger(
    {
      error: limited((details) => logger.error(details, 'telemetry error')),
      warn: limited((details) => logger.warn(details, 'telemetry warning')),
      info: limited((details) => logger.info(details, 'telemetry info')),
      debug: limited((details) => logger.debug(details, 'telemetry debug')),
      verbose: limited((details) => logger.trace(details, 'telemetry trace')),
    },
    { logLevel: levelFromEnv(), suppressOverrideMessage: true },
  );
}

function limited(write: (details: { detail: string; suppressed?: number }) => void) {
  let quietUntil = 0;
  let suppressed = 0;
  return (...said: unknown[]): void => {
    if (performance.now() < quietUntil) {
      suppressed += 1;
      return;
    }
    const detail = said.map(textOf).join(' ');
    const details = suppressed > 0 ? { detail, suppressed } : { detail };
    quietUntil = performance.now() + QUIET_MS;
    suppressed = 0;
    // An export runs on a timer that some request started; its failure is not part of that request's trace.
    context.with(ROOT_CONTEXT, write, undefined, details);
  };
}

/** The SDK hands over errors as JSON with a stack of its own insides: the message says enough. */
function textOf(said: unknown): string {
  if (said instanceof Error) return said.message;
  if (typeof said !== 'string') return inspect(said, { breakLength: Infinity });
  if (!said.startsWith('{')) return said;
  try {
    const { message } = JSON.parse(said) as { message?: string };
    return message ?? said;
  } catch {
    return said;
  }
}

/** Takes OTEL_LOG_LEVEL out of the environment: where it is set, NodeSDK puts a console logger in place of this one. */
function levelFromEnv(): DiagLogLevel {
  const name = (process.env.OTEL_LOG_LEVEL || 'WARN').toUpperCase();
  delete process.env.OTEL_LOG_LEVEL;
  return DiagLogLevel[name as keyof typeof DiagLogLevel] ?? DiagLogLevel.WARN;
}
