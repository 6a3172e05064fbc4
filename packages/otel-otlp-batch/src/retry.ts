// What says that the batch was not taken, and may be later. DEADLINE_EXCEEDED and CANCELLED are left out, although OTLP
// allows them: the collector may have taken the batch, and counts of spans and lines would no longer agree.
// https://opentelemetry.io/docs/specs/otlp/#failures
const GRPC_ABORTED = 10;
const GRPC_UNAVAILABLE = 14;
const HTTP = [429, 502, 503, 504];
const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
const RETRYABLE: unknown[] = [GRPC_ABORTED, GRPC_UNAVAILABLE, ...HTTP, ...NETWORK];

/** Whether an export that failed in this way can be tried again without sending anything twice. */
export function isRetryable(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && RETRYABLE.includes(failure.code);
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
