import { clientSpanId, endUs, NAMESPACE, type Served } from './requests.ts';

/** How a store writes what protobuf calls bytes and enums. */
export interface Style {
  id: (hex: string) => string;
  kind: (name: 'SERVER' | 'CLIENT') => string | number;
}

/** As OTLP's own JSON, which Jaeger follows. */
export const otlpStyle: Style = { id: (hex) => hex, kind: (name) => (name === 'SERVER' ? 2 : 3) };
/** As protobuf's JSON mapping, which Tempo follows. */
export const protobufStyle: Style = {
  id: (hex) => Buffer.from(hex, 'hex').toString('base64'),
  kind: (name) => `SPAN_KIND_${name}`,
};

/** ResourceSpans of the requests of one trace. */
export function resourceSpans(requests: Served[], style: Style): object[] {
  return requests.map((request) => ({
    resource: {
      attributes: [
        attribute('service.name', request.service),
        attribute('service.namespace', NAMESPACE),
        attribute('service.instance.id', `${request.service}-0`),
      ],
    },
    scopeSpans: [{ scope: { name: 'test' }, spans: spansOf(request, requests, style) }],
  }));
}

function spansOf(request: Served, trace: Served[], style: Style): object[] {
  const { traceId, spanId, parentSpanId, route, status } = request;
  const server = {
    traceId: style.id(traceId),
    spanId: style.id(spanId),
    ...(parentSpanId !== undefined && { parentSpanId: style.id(parentSpanId) }),
    name: `GET ${route}`,
    kind: style.kind('SERVER'),
    startTimeUnixNano: `${request.startUs}000`,
    endTimeUnixNano: `${endUs(request)}000`,
    attributes: [
      attribute('http.request.method', 'GET'),
      attribute('http.route', route),
      { key: 'http.response.status_code', value: { intValue: String(status) } },
    ],
    status: {},
  };
  const calls = trace.some((other) => other.parentSpanId === clientSpanId(request));
  return calls
    ? [
        server,
        {
          ...server,
          spanId: style.id(clientSpanId(request)),
          parentSpanId: style.id(spanId),
          name: 'GET',
          kind: style.kind('CLIENT'),
        },
      ]
    : [server];
}

function attribute(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}
