import type { Evidence } from '@clew/evidence';

export const REQUEST_US = 1_700_000_000_000_000;

/** Writes a request as one SERVER span and, unless told otherwise, its completion line. */
export function writeRequest(
  evidence: Evidence,
  { traceId, logged = true, timeUs = REQUEST_US }: { traceId: string; logged?: boolean; timeUs?: number },
): void {
  const attributes = { 'http.request.method': 'GET', 'http.route': '/x', 'http.response.status_code': 200 };
  const spanId = traceId.slice(0, 16);
  const span = { traceId, spanId, name: 'GET /x', kind: 2, startUs: timeUs, durationUs: 1000, status: 0, attributes };
  const log = {
    timeUs: timeUs + 1000,
    body: 'request completed',
    traceId,
    spanId,
    traceFlags: 1,
    attributes,
    source: 'otlp' as const,
  };
  const resource = { attributes: { 'service.name': 'shop', 'service.namespace': 'clew' } };
  evidence.write([{ resource, spans: [span], ...(logged && { logs: [log] }) }]);
}
