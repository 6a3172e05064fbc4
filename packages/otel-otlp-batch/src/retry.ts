// What OTLP calls retryable, without DEADLINE_EXCEEDED and CANCELLED: a slow collector has most likely taken the batch, and
// would store it twice. After a connection that broke it may have, too; that is rare, and the loss would be sure.
// https://opentelemetry.io/docs/specs/otlp/#failures
const GRPC_ABORTED = 10;
const GRPC_UNAVAILABLE = 14;
const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
const RETRYABLE: unknown[] = [GRPC_ABORTED, GRPC_UNAVAILABLE, ...NETWORK];

/** Whether an export that failed in this way is worth another attempt. */
export function isRetryable(failure: unknown): boolean {
  if (!(failure instanceof Error)) return false;
  const code = 'code' in failure ? failure.code : undefined;
  // 429, 502, 503 and 504, of which the official transport over HTTP says no more, once its own time for them is over.
  if (failure.name === 'OTLPExporterError' && code === undefined) return true;
  return RETRYABLE.includes(code);
}

/**
 * How long to wait before the next attempt: 1 s, 1.5 s, 2.25 s ... up to 5 s, each 20 % more or less, so that not all
 * clients of a collector that comes back ask at once.
 *
 * @param attempt how many have failed, from 1
 * @returns milliseconds
 */
export function backoff(attempt: number): number {
  return Math.min(1_000 * 1.5 ** (attempt - 1), 5_000) * (0.8 + 0.4 * Math.random());
}
