import exec from 'k6/execution';
import http from 'k6/http';
import type { Fault } from './faults.ts';
import type { Settings } from './settings.ts';

/**
 * The collector takes what it is sent and never answers: the local backend plays it
 * (packages/local-backend/README.md). Without one the user stops the real collector by hand.
 */
export const collectorOutage: Fault = {
  require: ({ settings }) => call('GET', settings),
  start: ({ settings }) => call('PUT', settings, { kind: 'black-hole' }),
  end: ({ settings }) => call('DELETE', settings),
};

/** Whether the local backend has a trace. */
export function hasTrace(backendUrl: string, traceId: string): boolean {
  const tags = { name: 'GET /api/traces/:traceId', to: 'backend' };
  const responseCallback = http.expectedStatuses(200, 404);
  return (
    http.get(`${backendUrl}/api/traces/${traceId}`, { tags, responseCallback, responseType: 'none' }).status === 200
  );
}

/** How many log lines the local backend has received, of all services. */
export function logLinesIn(backendUrl: string): number {
  const tags = { name: 'GET /api/summary', to: 'backend' };
  const response = http.get(`${backendUrl}/api/summary`, { tags, responseType: 'text' });
  return (JSON.parse(String(response.body)) as { received: { logs: number } }).received.logs;
}

function call(method: 'GET' | 'PUT' | 'DELETE', { backendUrl }: Settings, body?: object): void {
  if (backendUrl === undefined) return;
  const response = http.request(method, `${backendUrl}/api/faults`, body === undefined ? null : JSON.stringify(body), {
    ...(body !== undefined && { headers: { 'content-type': 'application/json' } }),
    tags: { name: `${method} /api/faults`, to: 'backend' },
    responseType: 'text',
  });
  if (response.status >= 200 && response.status < 300) return;
  const said = response.status === 0 ? response.error : `${response.status} ${response.body}`;
  exec.test.abort(`the local backend cannot be used (${said}): is BACKEND_URL=${backendUrl} right?`);
}
