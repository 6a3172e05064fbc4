import http from 'k6/http';
import { byHandNow } from './by-hand.ts';
import { endRun } from './end-run.ts';
import type { Fault } from './faults.ts';
import type { Settings } from './settings.ts';

/**
 * The collector takes what it is sent and never answers: the local backend plays it
 * (packages/local-backend/README.md). Without one the user is told when to stop the real collector.
 */
export const collectorOutage: Fault = {
  require: ({ settings }) => call('GET', settings, ''),
  start: ({ settings }) => call('PUT', settings, 'stop the collector', { kind: 'black-hole' }),
  end: ({ settings }) => call('DELETE', settings, 'start the collector again, unless that is done'),
};

/** A span, as far as it is used here. */
export interface Span {
  /** As OTLP has it: 2 is SERVER. */
  kind: number;
  durationUs: number;
  /** Attributes of its resource. */
  resource: Record<string, unknown>;
}

/** The spans of a trace; none when the local backend does not have it (yet). */
export function spansOf(backendUrl: string, traceId: string): Span[] {
  const tags = { name: 'GET /api/traces/:traceId', to: 'backend' };
  const responseCallback = http.expectedStatuses(200, 404);
  const { status, body } = http.get(`${backendUrl}/api/traces/${traceId}`, {
    tags,
    responseCallback,
    responseType: 'text',
  });
  return status === 200 ? (JSON.parse(String(body)) as { spans: Span[] }).spans : [];
}

/** The sum of the series of a metric that have an `error_type`, as far as the local backend has heard of it. */
export function failedRecords(backendUrl: string, metric: string): number {
  const tags = { name: 'GET /api/series', to: 'backend' };
  const response = http.get(`${backendUrl}/api/series?metric=${metric}`, { tags, responseType: 'text' });
  const series = JSON.parse(String(response.body)) as Series[];
  return series.reduce((sum, { labels, last }) => sum + ('error_type' in labels ? (last?.value ?? 0) : 0), 0);
}

interface Series {
  labels: Record<string, string>;
  last: { value: number | null } | null;
}

/** How many log lines the local backend has received, of all services. */
export function logLinesIn(backendUrl: string): number {
  const tags = { name: 'GET /api/summary', to: 'backend' };
  const response = http.get(`${backendUrl}/api/summary`, { tags, responseType: 'text' });
  return (JSON.parse(String(response.body)) as { received: { logs: number } }).received.logs;
}

function call(method: 'GET' | 'PUT' | 'DELETE', { backendUrl }: Settings, byHand: string, body?: object): void {
  if (backendUrl === undefined) {
    if (byHand !== '') byHandNow(byHand);
    return;
  }
  const response = http.request(method, `${backendUrl}/api/faults`, body === undefined ? null : JSON.stringify(body), {
    ...(body !== undefined && { headers: { 'content-type': 'application/json' } }),
    tags: { name: `${method} /api/faults`, to: 'backend' },
    responseType: 'text',
  });
  if (response.status >= 200 && response.status < 300) return;
  const said = response.status === 0 ? response.error : `${response.status} ${response.body}`;
  endRun(`the local backend cannot be used (${said}): is BACKEND_URL=${backendUrl} right?`);
}
