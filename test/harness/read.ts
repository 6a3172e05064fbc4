import {
  findTraces,
  getTrace,
  recentLogs,
  type StoredLog,
  type StoredSpan,
} from '../../packages/evidence/src/index.ts';
import type { LocalBackend } from '../../packages/local-backend/src/index.ts';

const ALL = 1_000_000;
const SERVER = 2;
const CLIENT = 3;

/** Every span of a service that the backend has. */
export function spansOf({ evidence }: LocalBackend, service: string): StoredSpan[] {
  const traces = findTraces(evidence, { service, limit: ALL });
  return traces.flatMap(({ traceId }) => getTrace(evidence, traceId)).filter((span) => span.service === service);
}

export function serverSpansOf(backend: LocalBackend, service: string): StoredSpan[] {
  return spansOf(backend, service).filter(({ kind }) => kind === SERVER);
}

export function clientSpansOf(backend: LocalBackend, service: string): StoredSpan[] {
  return spansOf(backend, service).filter(({ kind }) => kind === CLIENT);
}

/** Every log line of a service that the backend has, with this message where one is asked for. */
export function logsOf({ evidence }: LocalBackend, service: string, message?: string): StoredLog[] {
  return recentLogs(evidence, { service, limit: ALL }).filter(({ body }) => message === undefined || body === message);
}

export function completionLinesOf(backend: LocalBackend, service: string): StoredLog[] {
  return logsOf(backend, service, 'request completed');
}
