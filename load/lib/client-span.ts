import http from 'k6/http';

/** A request as its client saw it. Times in milliseconds since the epoch. */
export interface ClientSpan {
  traceId: string;
  spanId: string;
  url: string;
  startMs: number;
  endMs: number;
  /** 0 when there was no answer. */
  status: number;
  attributes: Record<string, string>;
}

/**
 * Exports the span of a request as OTLP over HTTP in JSON, so that k6 is a node of the service graph. Every span by
 * itself: k6 has no moment after the last iteration of a VU in which the rest could be sent.
 *
 * @param otlpUrl base URL of an OTLP/HTTP receiver
 * @returns Whether the receiver took it.
 */
export function exportClientSpan(otlpUrl: string, span: ClientSpan): boolean {
  const [, host = '', port = ''] = /^https?:\/\/([^/:]+):?(\d*)/.exec(span.url) ?? [];
  const attributes = {
    ...span.attributes,
    'http.request.method': 'GET',
    'url.full': span.url,
    'server.address': host,
  };
  const failed = span.status === 0 || span.status >= 400;
  const body = {
    resourceSpans: [
      {
        resource: { attributes: textAttributes({ 'service.name': 'k6', 'service.namespace': 'clew' }) },
        scopeSpans: [
          {
            scope: { name: 'clew.load' },
            spans: [
              {
                traceId: span.traceId,
                spanId: span.spanId,
                name: 'GET',
                kind: 3,
                startTimeUnixNano: nanos(span.startMs),
                endTimeUnixNano: nanos(span.endMs),
                attributes: [
                  ...textAttributes(attributes),
                  ...(port === '' ? [] : [intAttribute('server.port', Number(port))]),
                  ...(span.status === 0 ? [] : [intAttribute('http.response.status_code', span.status)]),
                  ...(failed
                    ? textAttributes({ 'error.type': span.status === 0 ? 'no_answer' : `${span.status}` })
                    : []),
                ],
                status: failed ? { code: 2 } : {},
              },
            ],
          },
        ],
      },
    ],
  };
  const headers = { 'content-type': 'application/json' };
  const tags = { name: 'export a span', to: 'telemetry' };
  return http.post(`${otlpUrl}/v1/traces`, JSON.stringify(body), { headers, tags }).status === 200;
}

function nanos(ms: number): string {
  return `${Math.round(ms)}000000`;
}

function textAttributes(attributes: Record<string, string>) {
  return Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

function intAttribute(key: string, intValue: number) {
  return { key, value: { intValue: String(intValue) } };
}
