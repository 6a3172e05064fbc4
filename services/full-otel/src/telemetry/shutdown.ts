import { setTimeout as delay } from 'node:timers/promises';
import { logs, metrics, trace } from '@opentelemetry/api';
import { logger } from './logger.ts';
import { flushStdout } from './stdout.ts';

// Above the exporters' 4 s (env.ts): a collector that never answers does not hold the process, and what it has not taken
// has failed by then, and is counted.
const DEADLINE_MS = 5_000;

/**
 * Delivers what is left: spans and logs first, metrics last, because they count what the other two had to drop, and at
 * the very end what stands on stdout. Through the providers and not `sdk.shutdown()`, whose first failure hides the rest.
 */
export async function shutdown(): Promise<void> {
  await end({ traces: trace.getTracerProvider(), logs: logs.getLoggerProvider() });
  await end({ metrics: metrics.getMeterProvider() });
  await flushStdout();
}

async function end(providers: Record<string, object>): Promise<void> {
  const pending = new Set(Object.keys(providers));
  const ends = Object.entries(providers).map(async ([signal, provider]) => {
    try {
      await providerBehind(provider).shutdown?.();
    } catch (err) {
      logger.error({ signal, err }, 'telemetry not delivered');
    }
    pending.delete(signal);
  });
  await Promise.race([Promise.all(ends), delay(DEADLINE_MS, undefined, { ref: false })]);
  for (const signal of pending) logger.error({ signal, deadline_ms: DEADLINE_MS }, 'telemetry not delivered');
}

/** The API hands out proxies; the SDK's provider stands behind them. */
function providerBehind(provider: object): { shutdown?(): Promise<void> } {
  return 'getDelegate' in provider && typeof provider.getDelegate === 'function' ? provider.getDelegate() : provider;
}
